//! What a company sets up for itself: channels, stages and statuses (contract, section 2.11).
//! Everybody of the company reads them, its administrators change them.

/// Declares what can be asked for at the addresses of such a thing: what is said about each in the document, and
/// which verb it calls.
macro_rules! setting_handlers {
    (
        $request:ident, $body:ident, $id:ident, called $thing:expr, in $tag:literal;
        $all:literal: $(#[$list_doc:meta])+ $list:ident, $(#[$create_doc:meta])+ $create:ident;
        $one:literal: $(#[$read_doc:meta])+ $read:ident, $(#[$edit_doc:meta])+ $edit:ident,
            $(#[$delete_doc:meta])+ $delete:ident;
    ) => {
        use $crate::state::Shared;
        use $crate::wire::body::Object;
        use $crate::wire::caller::{Administrator, PathId, Subscriber};
        use $crate::wire::failure::Answer;
        use $crate::wire::fields::Demand;
        use $crate::wire::list::{ListQuery, Listed, PageQuery};
        use axum::Json;
        use axum::extract::State;
        use axum::http::StatusCode;

        $(#[$list_doc])+
        #[utoipa::path(
            get,
            path = $all,
            tag = $tag,
            params(PageQuery),
            responses((status = 200, body = Listed<$body>))
        )]
        pub(crate) async fn list(
            State(state): State<Shared>,
            Subscriber(actor): Subscriber,
            query: ListQuery,
        ) -> Answer<Json<Listed<$body>>> {
            let fetch = |page| tawzi_app::$list(&state.app, &actor, page);
            let row = |row| $body {
                updated_at: None,
                ..$body::new(&actor, row)
            };
            query.list(fetch, row).await
        }

        $(#[$create_doc])+
        #[utoipa::path(
            post,
            path = $all,
            tag = $tag,
            request_body = $request,
            responses((status = 201, body = $body))
        )]
        pub(crate) async fn create(
            State(state): State<Shared>,
            Administrator(actor): Administrator,
            Object(body): Object,
        ) -> Answer<(StatusCode, Json<$body>)> {
            let new = $request::read(body, Demand::Required);
            let created = tawzi_app::$create(&state.app, &actor, new).await?;
            Ok((StatusCode::CREATED, Json($body::new(&actor, created))))
        }

        $(#[$read_doc])+
        #[utoipa::path(
            get,
            path = $one,
            tag = $tag,
            responses((status = 200, body = $body))
        )]
        pub(crate) async fn read(
            State(state): State<Shared>,
            Subscriber(actor): Subscriber,
            id: PathId,
        ) -> Answer<Json<$body>> {
            let id = $id::new(id.number($thing)?);
            let found = tawzi_app::$read(&state.app, &actor, id).await?;
            Ok(Json($body::new(&actor, found)))
        }

        $(#[$delete_doc])+
        #[utoipa::path(delete, path = $one, tag = $tag, responses((status = 204)))]
        pub(crate) async fn delete(
            State(state): State<Shared>,
            Administrator(actor): Administrator,
            id: PathId,
        ) -> Answer<StatusCode> {
            let id = $id::new(id.number($thing)?);
            tawzi_app::$delete(&state.app, &actor, id).await?;
            Ok(StatusCode::NO_CONTENT)
        }

        $(#[$edit_doc])+
        #[utoipa::path(
            method(put, patch),
            path = $one,
            tag = $tag,
            request_body = $request,
            responses((status = 200, body = $body))
        )]
        pub(crate) async fn edit(
            State(state): State<Shared>,
            Administrator(actor): Administrator,
            id: PathId,
            demand: Demand,
            Object(body): Object,
        ) -> Answer<Json<$body>> {
            let id = $id::new(id.number($thing)?);
            let change = $request::read(body, demand);
            let edited = tawzi_app::$edit(&state.app, &actor, id, change).await?;
            Ok(Json($body::new(&actor, edited)))
        }
    };
}

pub(crate) mod channels;
pub(crate) mod stages;
pub(crate) mod statuses;
