//! What a company sets up for itself: channels, stages and statuses, each with a name that no other of its kind
//! and company has. Everybody of the company reads them, its administrators change them.

/// Declares what can be asked for about such a thing. A `$place` finishes a new row, `$saved` does what follows
/// from a row that was saved (the one before it is there after an edit), and `$deleted` what
/// follows from a row that was deleted; each runs under the company's lock.
macro_rules! named_verbs {
    (
        $row:ident with $id:ident and $patch:ident, called $thing:expr;
        reads: $one:ident, $named:ident, $page:ident, $count:ident;
        writes: $save:ident;
        verbs: $list:ident, $read:ident, $create:ident, $edit:ident, $delete:ident;
        $(new: $place:ident;)?
        $(saved: $saved:ident;)?
        $(deleted: $deleted:ident;)?
    ) => {
        /// A page of those of the actor's company.
        pub async fn $list(
            app: &App,
            actor: &Actor,
            page: $crate::page::PageRequest,
        ) -> Result<$crate::page::Page<$row>> {
            let company = actor.require_company()?;
            let mut reader = app.read_list(actor).await?;
            let mut tenant = reader.tenant(company);
            let count = tenant.$count().await?;
            page.require_within(count)?;
            let rows = tenant.$page(page.offset(), page.size).await?;
            Ok($crate::page::Page::of_all(count, rows))
        }

        /// One of the actor's company.
        pub async fn $read(app: &App, actor: &Actor, id: $id) -> Result<$row> {
            let company = actor.require_company()?;
            let mut reader = app.db.read().await?;
            Ok(reader.tenant(company).$one(id).await?.ok_or($thing)?)
        }

        /// Creates one in the administrator's company.
        pub async fn $create(
            app: &App,
            actor: &Actor,
            new: impl Into<$crate::error::Submitted<$patch>>,
        ) -> Result<$row> {
            let new = new.into();
            let company = actor.require_admin()?;
            let other = other_company(actor, new.value.company);
            let patch = new.require(other)?;
            let row = patch.new_row(app.now())?;
            let mut tx = app.db.begin().await?;
            // Under the lock no other one gets the name.
            tx.lock_company(company).await?;
            let mut tenant = tx.tenant_tx(company);
            require_free_name(None, tenant.$named(&row.name).await?)?;
            $(let row = $place(&mut tenant, row).await?;)?
            let row = tenant.$create(row).await?;
            $($saved(&mut tenant, None, &row).await?;)?
            tx.commit().await?;
            Ok(row)
        }

        /// Changes one of the administrator's company.
        pub async fn $edit(
            app: &App,
            actor: &Actor,
            id: $id,
            change: impl Into<$crate::error::Submitted<$patch>>,
        ) -> Result<$row> {
            let change = change.into();
            let company = actor.require_admin()?;
            let mut tx = app.db.begin().await?;
            tx.lock_company(company).await?;
            let mut tenant = tx.tenant_tx(company);
            let before = tenant.$one(id).await?.ok_or($thing)?;
            let other = other_company(actor, change.value.company);
            let mut row = before.clone();
            change.require(other)?.apply(&mut row);
            row.updated_at = app.now();
            require_free_name(Some(id), tenant.$named(&row.name).await?)?;
            tenant.$save(&row).await?;
            $($saved(&mut tenant, Some(&before), &row).await?;)?
            tx.commit().await?;
            Ok(row)
        }

        /// Deletes one of the administrator's company; what referred to it stays.
        pub async fn $delete(app: &App, actor: &Actor, id: $id) -> Result<()> {
            let company = actor.require_admin()?;
            let mut tx = app.db.begin().await?;
            // Under the lock nothing comes to refer to it meanwhile.
            tx.lock_company(company).await?;
            let mut tenant = tx.tenant_tx(company);
            tenant.$one(id).await?.ok_or($thing)?;
            tenant.$delete(id).await?;
            $(tenant.$deleted().await?;)?
            tx.commit().await?;
            Ok(())
        }
    };
}
