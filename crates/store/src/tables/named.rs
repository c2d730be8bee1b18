//! What stages, channels and statuses have in common: they belong to a company, which knows each by a name
//! of its own, and other rows refer to them.

/// Declares the statements of such a table and the functions that run them. The columns are named: a server that
/// runs goes on when a later version adds another. Those that are edited stand with the numbers of their
/// parameters, the last one's is that of the moment.
macro_rules! named_table {
    (
        $row:ident with $id:ident in $table:literal ordered by $order:literal,
        which $referring:literal has as $reference:literal;
        columns: $($column:ident $number:literal),+; at $at:literal;
        reads: $one:ident, $named:ident, $page:ident, $count:ident, $of_companies:ident, $given:ident;
        writes: $create:ident, $save:ident, $delete:ident;
        $($statements:tt)*
    ) => {
        statements! {
            const READ_MANY = [
                "SELECT t.company_id, t.id, " (COLUMNS $($column)+) "t.created_at, t.updated_at
                 FROM " $table " t WHERE t.id" IN_IDS
            ];
            const INSERT = [
                "INSERT INTO " $table " (company_id, id, " (NAMES $($column)+) "updated_at, created_at)
                 VALUES ($1, $2, " (NUMBERS $($number)+) "$" $at ", $" $at ")"
            ];
            const TAKE_AWAY = [
                "UPDATE " $referring " SET " $reference " = NULL
                 WHERE company_id = $1 AND " $reference " = $2"
            ];
            const DELETE = ["DELETE FROM " $table " WHERE company_id = $1 AND id = $2"];

            impl Reader {
                /// Whether that id was given to any, also to one that is not there any more: they are given one after
                /// the other, so this tells nothing about other companies. The reference tells an id that nothing
                /// has from one of another company.
                pub fn $given(id: $id) -> bool {
                    "SELECT EXISTS (SELECT 1 FROM " $table " WHERE id >= $1 AND $1 > 0)"
                }
            }

            impl Tenant<'_> {
                /// A page of them, in the order of the list.
                pub fn $page(offset: i64, limit: i64) -> Vec<$row> {
                    "SELECT t.company_id, t.id, " (COLUMNS $($column)+) "t.created_at, t.updated_at
                     FROM " $table " t WHERE t.company_id = $1 ORDER BY " $order " LIMIT $3 OFFSET $2"
                }

                /// How many there are.
                pub fn $count() -> i64 {
                    "SELECT COUNT(*) FROM " $table " WHERE company_id = $1"
                }

                /// The one with that id.
                pub fn $one(id: $id) -> Option<$row> {
                    "SELECT t.company_id, t.id, " (COLUMNS $($column)+) "t.created_at, t.updated_at
                     FROM " $table " t WHERE t.company_id = $1 AND t.id = $2"
                }

                /// The one that has exactly that name.
                pub fn $named(name: &str) -> Option<$id> {
                    "SELECT id FROM " $table " WHERE company_id = $1 AND name = $2"
                }
            }

            impl TenantTx<'_> {
                /// Saves the whole row; [`crate::Error::Conflict`] when the name is taken.
                pub fn $save(row: &$row) with (row.id, $(row.$column.clone(),)+ row.updated_at) {
                    "UPDATE " $table " SET " (SETS $($column $number)+) "updated_at = $" $at "
                     WHERE company_id = $1 AND id = $2"
                }
            }

            $($statements)*
        }

        impl $crate::Reader {
            /// Those of the wanted ones that are in the company they are wanted in.
            pub async fn $of_companies(
                &mut self,
                wanted: &std::collections::BTreeSet<(CompanyId, $id)>,
            ) -> $crate::Result<Vec<$row>> {
                if wanted.is_empty() {
                    return Ok(Vec::new());
                }
                let mut found: Vec<$row> = fetch!(self, READ_MANY, wanted)?;
                found.retain(|row| wanted.contains(&(row.company_id, row.id)));
                Ok(found)
            }
        }

        impl $crate::TenantTx<'_> {
            /// Creates it and says what it became: one of this company, with an id. [`crate::Error::Conflict`]
            /// when the name is taken.
            pub async fn $create(&mut self, new: $row) -> $crate::Result<$row> {
                let id = self.writer().take_id().await?;
                let company_id = self.company();
                execute!(self, INSERT, company_id, id, $(new.$column.clone(),)+ new.updated_at)?;
                Ok($row { company_id, id, ..new })
            }

            /// Deletes it and says how many rows referred to it; they refer to none. [`crate::Error::Conflict`]
            /// when a row comes to refer to it at the same moment.
            pub async fn $delete(&mut self, id: $id) -> $crate::Result<u64> {
                let referring = changed!(self, TAKE_AWAY, self.company(), id)?;
                execute!(self, DELETE, self.company(), id)?;
                Ok(referring)
            }
        }
    };
}
