//! What the values of options may be.

use tawzi_core::audit::AuditKind;
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::CompanyId;

/// The origin of a page, a domain with its sub-domains, or nothing: an empty variable.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let origin = text.trim().trim_end_matches('/');
    let (host, known) = match origin.split_once("://") {
        Some((scheme, host)) => (host, matches!(scheme, "http" | "https")),
        None => (origin.strip_prefix("*.").unwrap_or_default(), true),
    };
    let of_a_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if origin.is_empty() || (known && !host.is_empty() && host.chars().all(of_a_host)) {
        return Ok(origin.to_owned());
    }
    Err(
        "an origin is like https://crm.example, or *.crm.example for a domain and all below it"
            .to_owned(),
    )
}

pub(super) fn company_id(text: &str) -> Result<CompanyId, String> {
    match text.parse() {
        Ok(id @ 1..) => Ok(CompanyId::new(id)),
        _ => Err("a company is named by its number; see `tawzi company list`".to_owned()),
    }
}

pub(super) fn audit_kind(text: &str) -> Result<AuditKind, String> {
    let unknown = "there is no such kind; `tawzi audit` shows what happened by its kind";
    AuditKind::parse(text).ok_or_else(|| unknown.to_owned())
}

pub(super) fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("say on or off".to_owned()),
    }
}

pub(super) fn hours(text: &str) -> Result<ReAssignHours, String> {
    let number = text.parse().ok();
    let hours = number.and_then(|number| ReAssignHours::parse(number).ok());
    hours.ok_or_else(|| "hours are a whole number from 1 to 8760".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host_or_a_domain() {
        for good in [
            "https://crm.example",
            "http://localhost:3000/",
            "https://[::1]:8443",
            "*.crm.example",
            "https://عملاء.example",
            "",
        ] {
            assert_eq!(origin(good).as_deref(), Ok(good.trim_end_matches('/')));
        }
        for bad in [
            "not an origin",
            "*",
            "*.",
            "crm.example",
            "https://",
            "https://a.b/path",
            "https://*.crm.example",
            "ftp://crm.example",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
