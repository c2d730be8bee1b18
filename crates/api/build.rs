//! Says what the types of other crates are in the `OpenAPI` document: they do not know of it.

use utoipa_config::Config;

const IDS: [&str; 11] = [
    "ApiKeyId",
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
        .alias_for("Timestamp", "crate::openapi::Moment")
        .alias_for("Budget", "crate::openapi::Money")
        .alias_for("ReAssignHours", "crate::openapi::Hours")
        .alias_for("StatusCategory", "crate::openapi::Category")
        .alias_for("Priority", "crate::openapi::Urgency")
        .alias_for("ClientType", "crate::openapi::Freshness")
        .alias_for("PhoneType", "crate::openapi::PhoneKind")
        .alias_for("Role", "crate::openapi::RoleWord");
    IDS.into_iter()
        .fold(config, |config, id| config.alias_for(id, "i64"))
        .write_to_file();
}
