//! What can be done with a thing by itself, the same for most of them: each is declared in a line.

/// Declares handlers that do nothing but call one verb, with what the document says about them. `answering` says
/// what is answered about a row, and how it is made of that and of whoever asks; a list leaves the field out that
/// stands after `without`, and `create_once` recognises repetitions. `or` is another answer, as `#[utoipa::path]` has
/// it; the document calls an operation by its kind unless `named` says otherwise.
macro_rules! operations {
    (
        in $tag:literal, each a $id:ident, answering $answer:ident by $shape:expr;
        $(
            $(#[$doc:meta])+
            $kind:ident at $path:literal for $who:ident
                $(of $request:ident)? calls $verb:ident
                $(, without $left_out:ident)? $(, or $other:tt)? $(, named $name:literal)?;
        )+
    ) => {$(
        operations! {
            @$kind [$tag, $id, $answer, $shape, $path, $who, $verb]
            [$($request)?] [$($left_out)?] [$($other)?] [$($name)?] $(#[$doc])+
        }
    )+};
    (
        @list [$tag:literal, $id:ident, $answer:ident, $shape:expr, $path:literal, $who:ident, $verb:ident]
        [] [$($left_out:ident)?] [$($other:tt)?] [$($name:literal)?] $(#[$doc:meta])+
    ) => {
        $(#[$doc])+
        #[utoipa::path(
            get,
            path = $path,
            tag = $tag,
            $(operation_id = $name,)?
            params($crate::wire::list::PageQuery),
            responses((status = 200, body = $crate::wire::list::Listed<$answer>) $(, $other)?)
        )]
        pub(crate) async fn list(
            axum::extract::State(state): axum::extract::State<$crate::Shared>,
            $who(actor): $who,
            query: $crate::wire::list::ListQuery,
        ) -> $crate::wire::failure::Answer<axum::Json<$crate::wire::list::Listed<$answer>>> {
            let fetch = |page| tawzi_app::$verb(&state.app, &actor, page);
            let row = |row| $answer {
                $($left_out: None,)?
                ..($shape)(row, &actor)
            };
            query.list(fetch, row).await
        }
    };
    (
        @create [$tag:literal, $id:ident, $answer:ident, $shape:expr, $path:literal, $who:ident, $verb:ident]
        [$request:ident] [] [$($other:tt)?] [$($name:literal)?] $(#[$doc:meta])+
    ) => {
        $(#[$doc])+
        #[utoipa::path(
            post,
            path = $path,
            tag = $tag,
            $(operation_id = $name,)?
            request_body = $request,
            responses((status = 201, body = $answer) $(, $other)?)
        )]
        pub(crate) async fn create(
            axum::extract::State(state): axum::extract::State<$crate::Shared>,
            $who(actor): $who,
            $crate::wire::body::Object(body, ..): $crate::wire::body::Object<$request>,
        ) -> $crate::wire::failure::Answer<(axum::http::StatusCode, axum::Json<$answer>)> {
            let new = $request::read(body, $crate::wire::fields::Demand::Required);
            let created = tawzi_app::$verb(&state.app, &actor, new).await?;
            Ok((axum::http::StatusCode::CREATED, axum::Json(($shape)(created, &actor))))
        }
    };
    (
        @create_once [$tag:literal, $id:ident, $answer:ident, $shape:expr, $path:literal, $who:ident, $verb:ident]
        [$request:ident] [] [$($other:tt)?] [$($name:literal)?] $(#[$doc:meta])+
    ) => {
        $(#[$doc])+
        #[utoipa::path(
            post,
            path = $path,
            tag = $tag,
            $(operation_id = $name,)?
            params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255,
                pattern = "^[!-~]+$", description = "What a repetition is recognised by",
                example = "5f0c6a52-lead-8841")),
            request_body = $request,
            responses((status = 201, body = $answer), $crate::wire::openapi::ReusedKey $(, $other)?)
        )]
        pub(crate) async fn create(
            axum::extract::State(state): axum::extract::State<$crate::Shared>,
            $who(actor): $who,
            $crate::wire::idempotency::IdempotencyKey(key): $crate::wire::idempotency::IdempotencyKey,
            $crate::wire::body::Object(body, ..): $crate::wire::body::Object<$request>,
        ) -> $crate::wire::failure::Answer<(axum::http::StatusCode, axum::Json<$answer>)> {
            let new = $request::read(body, $crate::wire::fields::Demand::Required);
            let created = tawzi_app::$verb(&state.app, &actor, new, key.as_deref()).await?;
            Ok((axum::http::StatusCode::CREATED, axum::Json(($shape)(created, &actor))))
        }
    };
    (
        @read [$tag:literal, $id:ident, $answer:ident, $shape:expr, $path:literal, $who:ident, $verb:ident]
        [] [] [$($other:tt)?] [$($name:literal)?] $(#[$doc:meta])+
    ) => {
        $(#[$doc])+
        #[utoipa::path(
            get,
            path = $path,
            tag = $tag,
            $(operation_id = $name,)?
            responses((status = 200, body = $answer) $(, $other)?)
        )]
        pub(crate) async fn read(
            axum::extract::State(state): axum::extract::State<$crate::Shared>,
            $who(actor): $who,
            $crate::wire::caller::PathId(id): $crate::wire::caller::PathId<$id>,
        ) -> $crate::wire::failure::Answer<axum::Json<$answer>> {
            let found = tawzi_app::$verb(&state.app, &actor, id).await?;
            Ok(axum::Json(($shape)(found, &actor)))
        }
    };
    (
        @edit [$tag:literal, $id:ident, $answer:ident, $shape:expr, $path:literal, $who:ident, $verb:ident]
        [$request:ident] [] [$($other:tt)?] [$($name:literal)?] $(#[$doc:meta])+
    ) => {
        $(#[$doc])+
        #[utoipa::path(
            method(put, patch),
            path = $path,
            tag = $tag,
            $(operation_id = $name,)?
            request_body = $request,
            responses((status = 200, body = $answer) $(, $other)?)
        )]
        pub(crate) async fn edit(
            axum::extract::State(state): axum::extract::State<$crate::Shared>,
            $who(actor): $who,
            $crate::wire::caller::PathId(id): $crate::wire::caller::PathId<$id>,
            demand: $crate::wire::fields::Demand,
            $crate::wire::body::Object(body, ..): $crate::wire::body::Object<$request>,
        ) -> $crate::wire::failure::Answer<axum::Json<$answer>> {
            let change = $request::read(body, demand);
            let edited = tawzi_app::$verb(&state.app, &actor, id, change).await?;
            Ok(axum::Json(($shape)(edited, &actor)))
        }
    };
    (
        @delete [$tag:literal, $id:ident, $answer:ident, $shape:expr, $path:literal, $who:ident, $verb:ident]
        [] [] [$($other:tt)?] [$($name:literal)?] $(#[$doc:meta])+
    ) => {
        $(#[$doc])+
        #[utoipa::path(
            delete,
            path = $path,
            tag = $tag,
            $(operation_id = $name,)?
            responses((status = 204) $(, $other)?)
        )]
        pub(crate) async fn delete(
            axum::extract::State(state): axum::extract::State<$crate::Shared>,
            $who(actor): $who,
            $crate::wire::caller::PathId(id): $crate::wire::caller::PathId<$id>,
        ) -> $crate::wire::failure::Answer<axum::http::StatusCode> {
            tawzi_app::$verb(&state.app, &actor, id).await?;
            Ok(axum::http::StatusCode::NO_CONTENT)
        }
    };
}
pub(crate) use operations;
