//! What values of other crates' types look like on the wire. `build.rs` says which type is which.

use tawzi_core::company::ReAssignHours;
use utoipa::openapi::schema::{
    AnyOfBuilder, KnownFormat, Object, ObjectBuilder, SchemaFormat, Type,
};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A moment in UTC; the fraction of its second is left out when it is zero.
#[derive(ToSchema)]
#[schema(format = DateTime, examples("2025-12-20T17:40:59.123456Z"))]
#[expect(dead_code, reason = "it describes a `Timestamp` for the document")]
pub(crate) struct Moment(String);

/// An amount of money with two decimals.
#[derive(ToSchema)]
#[schema(pattern = r"^-?\d{1,10}\.\d{2}$", examples("1500.00"))]
#[expect(dead_code, reason = "it describes a `Budget` for the document")]
pub(crate) struct Money(String);

/// A day or a moment in a query.
pub(crate) struct DayOrMoment;

/// A `ReAssignHours`.
pub(crate) struct Hours;

macro_rules! words {
    ($($(#[$doc:meta])+ $name:ident { $($word:ident),+ })+) => {$(
        $(#[$doc])+
        #[derive(ToSchema)]
        #[schema(rename_all = "snake_case")]
        #[expect(dead_code, reason = "it describes the words for the document")]
        pub(crate) enum $name { $($word),+ }
    )+};
}

words! {
    /// What a status means for the load of whoever holds the client.
    Category { Active, FollowUp, Inactive, Closed }
    /// How urgent something is.
    Urgency { Low, Medium, High }
    /// Where a client stands in its life.
    Freshness { Fresh, Cold }
    /// What kind of phone a number belongs to.
    PhoneKind { Mobile, Home, Work, Other }
    /// What somebody may do in their company.
    RoleWord { Admin, Employee }
    /// What a company sells.
    Specialization { RealEstate, Services, Products }
}

impl ToSchema for DayOrMoment {}

impl PartialSchema for DayOrMoment {
    fn schema() -> RefOr<Schema> {
        let one = |format| {
            let text = ObjectBuilder::from(Object::with_type(Type::String));
            text.format(Some(SchemaFormat::KnownFormat(format)))
        };
        AnyOfBuilder::new()
            .item(one(KnownFormat::Date))
            .item(one(KnownFormat::DateTime))
            .into()
    }
}

impl ToSchema for Hours {}

impl PartialSchema for Hours {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::from(Object::with_type(Type::Integer))
            .description(Some(
                "After how many hours without contact a client moves on.",
            ))
            .minimum(Some(1))
            .maximum(Some(ReAssignHours::MAX))
            .default(Some(ReAssignHours::DEFAULT.get().into()))
            .into()
    }
}
