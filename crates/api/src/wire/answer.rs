//! Answers about a row, each declared once: which fields there are, where their values come from, and what the
//! document says about them.

/// Declares the answer about a row (and whatever else its values need), and its `new`, which takes these. A field
/// is `always` there, `nullable`, or left out where there is no value (`perhaps`); it is the field of the row with
/// its name unless `=` says what else.
macro_rules! answer {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $answer:ident of $row:ident: $row_type:ty $(, $given:ident: $given_type:ty)* {
            $($fields:tt)+
        }
    ) => {
        answer! {
            @fields $row
            { $(#[$meta])* $visibility $answer($row: $row_type $(, $given: $given_type)*) }
            {} {} $($fields)+
        }
    };
    (
        @fields $row:ident $head:tt $types:tt $values:tt
        $(#[$meta:meta])* $kind:ident $name:ident: $type:ty; $($rest:tt)*
    ) => {
        answer! {
            @fields $row $head $types $values
            $(#[$meta])* $kind $name: $type = $row.$name; $($rest)*
        }
    };
    (
        @fields $row:ident $head:tt { $($types:tt)* } { $($values:tt)* }
        $(#[$meta:meta])* always $name:ident: $type:ty = $value:expr; $($rest:tt)*
    ) => {
        answer! {
            @fields $row $head
            { $($types)* $(#[$meta])* $name: $type, }
            { $($values)* $name: $value, }
            $($rest)*
        }
    };
    (
        @fields $row:ident $head:tt { $($types:tt)* } { $($values:tt)* }
        $(#[$meta:meta])* nullable $name:ident: $type:ty = $value:expr; $($rest:tt)*
    ) => {
        answer! {
            @fields $row $head
            { $($types)* $(#[$meta])* #[schema(required)] $name: Option<$type>, }
            { $($values)* $name: $value, }
            $($rest)*
        }
    };
    (
        @fields $row:ident $head:tt { $($types:tt)* } { $($values:tt)* }
        $(#[$meta:meta])* perhaps $name:ident: $type:ty = $value:expr; $($rest:tt)*
    ) => {
        answer! {
            @fields $row $head
            {
                $($types)*
                $(#[$meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                #[schema(nullable = false)]
                $name: Option<$type>,
            }
            { $($values)* $name: $value, }
            $($rest)*
        }
    };
    (
        @fields $row:ident
        { $(#[$meta:meta])* $visibility:vis $answer:ident($($given:ident: $given_type:ty),+) }
        { $($types:tt)* } { $($values:tt)* }
    ) => {
        #[derive(serde::Serialize, utoipa::ToSchema)]
        $(#[$meta])*
        $visibility struct $answer { $($types)* }

        impl $answer {
            /// What is answered about the row.
            $visibility fn new($($given: $given_type),+) -> Self {
                Self { $($values)* }
            }
        }
    };
}
pub(crate) use answer;
