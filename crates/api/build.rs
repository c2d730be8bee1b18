//! Says what the types of other crates are in the `OpenAPI` document: they do not know of it.

use utoipa_config::Config;

const TEXTS: [&str; 16] = [
    "ApiKeyName",
    "ChannelType",
    "ClientName",
    "Colour",
    "CompanyName",
    "Domain",
    "Email",
    "FilledText",
    "ListedPhone",
    "NewPassword",
    "Notes",
    "NamePart",
    "PhoneText",
    "ShortName",
    "ShownPassword",
    "Username",
];

const IDS: [&str; 12] = [
    "ApiKeyId",
    "AuditEntryId",
    "ChannelId",
    "ClientEventId",
    "ClientId",
    "ClientTaskId",
    "CompanyId",
    "PhoneNumberId",
    "StageId",
    "StatusId",
    "SweepId",
    "UserId",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let config = Config::new()
        .alias_for("Timestamp", "crate::wire::openapi::Moment")
        .alias_for("Budget", "crate::wire::openapi::Money")
        .alias_for("ReAssignHours", "crate::wire::openapi::Hours")
        .alias_for("StatusCategory", "crate::wire::openapi::Category")
        .alias_for("Priority", "crate::wire::openapi::Urgency")
        .alias_for("ClientType", "crate::wire::openapi::Freshness")
        .alias_for("PhoneType", "crate::wire::openapi::PhoneKind")
        .alias_for("Role", "crate::wire::openapi::RoleWord");
    let texts = TEXTS.map(|text| (text, "String"));
    IDS.map(|id| (id, "i64"))
        .into_iter()
        .chain(texts)
        .fold(config, |config, (name, kind)| config.alias_for(name, kind))
        .write_to_file();
}
