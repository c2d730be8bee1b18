//! What stages, channels and statuses have in common: they belong to a company, which knows each by a name
//! of its own, and other rows refer to them.

/// Declares the statements of such a table and the functions that run them. The columns are named: a server that
/// runs goes on when a later version adds another. `INSERT` and `SAVE` have the same parameters, which the
/// function named last binds.
macro_rules! named_table {
    (
        $row:ident with $id:ident in $table:literal ordered by $order:literal,
        which $referring:literal has as $reference:literal;
        columns: $columns:literal;
        reads: $one:ident, $named:ident, $page:ident, $count:ident, $of_companies:ident, $exists:ident;
        writes: $create:ident, $save:ident, $delete:ident with $write:ident, $sequence:expr;
        $($statements:tt)+
    ) => {
        statements! {
            READ_PAGE = [
                "SELECT " $columns " FROM " $table " t WHERE t.company_id = $1 ORDER BY " $order "
                 LIMIT $2 OFFSET $3"
            ];
            COUNT = ["SELECT COUNT(*) FROM " $table " WHERE company_id = $1"];
            READ_ONE = [
                "SELECT " $columns " FROM " $table " t WHERE t.company_id = $1 AND t.id = $2"
            ];
            FIND = ["SELECT id FROM " $table " WHERE company_id = $1 AND name = $2"];
            READ_MANY = ["SELECT " $columns " FROM " $table " t WHERE t.id" IN_IDS];
            EXISTS_ANYWHERE = ["SELECT 1 FROM " $table " WHERE id = $1 LIMIT 1"];
            TAKE_AWAY = [
                "UPDATE " $referring " SET " $reference " = NULL
                 WHERE company_id = $1 AND " $reference " = $2"
            ];
            DELETE = ["DELETE FROM " $table " WHERE company_id = $1 AND id = $2"];
            $($statements)+
        }

        impl $crate::Reader {
            /// Those of the wanted ones that are in the company they are wanted in.
            pub async fn $of_companies(
                &mut self,
                wanted: &std::collections::BTreeSet<(CompanyId, $id)>,
            ) -> Result<Vec<$row>> {
                if wanted.is_empty() {
                    return Ok(Vec::new());
                }
                let ids = $crate::db::tenant::ids_of(wanted)?;
                let found = fetch_all!(self, $row, READ_MANY, &ids)?;
                let is_wanted = |row: &$row| wanted.contains(&(row.company_id, row.id));
                Ok(found.into_iter().filter(is_wanted).collect())
            }

            /// Whether any company has one with that id. The reference tells an unknown id from one of another
            /// company; nothing else of it is revealed.
            pub async fn $exists(&mut self, id: $id) -> Result<bool> {
                Ok(fetch_optional!(self, (i32,), EXISTS_ANYWHERE, id.get())?.is_some())
            }
        }

        impl $crate::Tenant<'_> {
            /// A page of them, in the order of the list.
            pub async fn $page(&mut self, offset: i64, limit: i64) -> Result<Vec<$row>> {
                let company = self.company().get();
                fetch_all!(self, $row, READ_PAGE, company, limit, offset)
            }

            /// How many there are.
            pub async fn $count(&mut self) -> Result<i64> {
                let company = self.company().get();
                Ok(fetch_one!(self, (i64,), COUNT, company)?.0)
            }

            /// The one with that id.
            pub async fn $one(&mut self, id: $id) -> Result<Option<$row>> {
                let company = self.company().get();
                fetch_optional!(self, $row, READ_ONE, company, id.get())
            }

            /// The one that has exactly that name.
            pub async fn $named(&mut self, name: &str) -> Result<Option<$id>> {
                let company = self.company().get();
                let found = fetch_optional!(self, (i64,), FIND, company, name)?;
                Ok(found.map(|(id,)| $id::new(id)))
            }
        }

        impl $crate::TenantTx<'_> {
            /// Creates it and says what it became: one of this company, with an id. [`crate::Error::Conflict`]
            /// when the name is taken.
            pub async fn $create(&mut self, new: $row) -> Result<$row> {
                let created = $row {
                    company_id: self.company(),
                    id: $id::new(self.take_id($sequence).await?),
                    ..new
                };
                self.$write(INSERT, &created).await?;
                Ok(created)
            }

            /// Saves the whole row; [`crate::Error::Conflict`] when the name is taken.
            pub async fn $save(&mut self, row: &$row) -> Result<()> {
                self.$write(SAVE, row).await
            }

            /// Deletes it and says how many rows referred to it; they refer to none. [`crate::Error::Conflict`]
            /// when a row comes to refer to it at the same moment.
            pub async fn $delete(&mut self, id: $id) -> Result<u64> {
                let company = self.company().get();
                let referring = execute!(self, TAKE_AWAY, company, id.get())?;
                execute!(self, DELETE, company, id.get())?;
                Ok(referring)
            }
        }
    };
}
