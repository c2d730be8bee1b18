//! Requests, each declared once: which fields there are, how they are read, in which order their problems are
//! answered, and what the document says about them.

/// Declares a request that is read into a value with a default. A field is `required`, `optional` (but never
/// null), `nullable`, `given` (null is as good as absent), or read `elsewhere`; `=> name` says what the value
/// calls it, and `by` how it is read if not as its type is.
macro_rules! request {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $request:ident for $value:ident {
            $(
                $(#[$field_meta:meta])*
                $kind:ident $name:ident: $type:ty $(=> $target:ident)? $(, by $read:expr)?;
            )+
        }
    ) => {
        #[derive(utoipa::ToSchema)]
        $(#[$meta])*
        #[expect(dead_code, reason = "it describes the fields for the document")]
        $visibility struct $request {
            $($(#[$field_meta])* $name: $type,)+
        }

        impl $crate::wire::body::Declared for $request {
            const FIELDS: &'static [&'static str] =
                &[$($crate::wire::fields::wire_name(stringify!($name))),+];
        }

        impl $request {
            /// Takes the object apart.
            $visibility fn read(
                object: serde_json::Map<String, serde_json::Value>,
                demand: $crate::wire::fields::Demand,
            ) -> tawzi_app::Submitted<$value> {
                let mut fields = $crate::wire::fields::Fields::new(object, demand);
                let mut value = $value::default();
                $(request!(@set value, fields, $kind $name [$($target)?] [$($read)?]);)+
                fields.submitted(value, <Self as $crate::wire::body::Declared>::FIELDS)
            }
        }
    };
    (@set $value:ident, $fields:ident, elsewhere $name:ident [] []) => {};
    (@set $value:ident, $fields:ident, $kind:ident $name:ident [] $read:tt) => {
        request!(@set $value, $fields, $kind $name [$name] $read)
    };
    (@set $value:ident, $fields:ident, $kind:ident $name:ident [$target:ident] []) => {
        request!(@set $value, $fields, $kind $name [$target] [$crate::wire::fields::FieldValue::read])
    };
    (@set $value:ident, $fields:ident, $kind:ident $name:ident [$target:ident] [$read:expr]) => {
        $value.$target = $fields.$kind($crate::wire::fields::wire_name(stringify!($name)), $read)
    };
}
pub(crate) use request;

/// The name of a field on the wire: that in the program, which may be marked as no keyword.
pub(crate) const fn wire_name(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', rest @ ..] => match std::str::from_utf8(rest) {
            Ok(name) => name,
            Err(_) => name,
        },
        _ => name,
    }
}
