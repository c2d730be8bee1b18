//! `/`: what this is, and whether it works.

use axum::extract::{Query, State};
use axum::http::header::{ACCEPT_LANGUAGE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;
use tawzi_app::{App, Language, MOST_WAITING, ServerStatus, server_status};

/// What the address may say.
#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    lang: Option<String>,
}

/// The page, in the language of `?lang=` or of the browser.
pub(crate) async fn show(
    State(app): State<App>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    let accepted = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let language = wish
        .lang
        .and_then(|tag| Language::of_tag(&tag))
        .unwrap_or_else(|| Language::preferred(accepted.unwrap_or_default()));
    let status = server_status(&app).await.inspect_err(|error| {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "no status for the home page"
        );
    });
    let code = match status {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let page = page(language, status.ok());
    (code, [(VARY, "accept-language")], page).into_response()
}

fn page(language: Language, status: Option<ServerStatus>) -> Markup {
    let text = |key| language.text(key);
    let other = language.other();
    html! {
        (DOCTYPE)
        html lang=(language.tag()) dir=(language.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (text("home-title")) }
                link rel="stylesheet" href="/assets/tawzi.css";
            }
            body {
                header {
                    h1 { (text("home-title")) }
                    a href={ "/?lang=" (other.tag()) } lang=(other.tag()) { (text("home-language")) }
                }
                main {
                    p { (text("home-what")) }
                    h2 { (text("home-state")) }
                    dl { (state(language, status)) }
                    h2 { (text("home-api")) }
                    p {
                        (with_code(language, "home-api-text", &[
                            ("path", "/api/"),
                            ("login", "/api/auth/login/"),
                            ("health", "/api/health/"),
                        ]))
                    }
                }
                footer { "Tawzi " (env!("CARGO_PKG_VERSION")) }
            }
        }
    }
}

fn state(language: Language, status: Option<ServerStatus>) -> Markup {
    let text = |key| language.text(key);
    let Some(status) = status else {
        let silent = html! { (text("home-database-silent")) };
        return fact(&text("home-database"), false, &silent);
    };
    let sweep = if let Some(at) = status.next_sweep {
        let at = at.to_string();
        let shown = at.get(..16).unwrap_or(&at).replace('T', " ");
        let time = html! { time datetime=(at) dir="ltr" { (shown) } };
        with_element(language, "home-sweep-next", &[("time", time)])
    } else {
        let command = [("command", "tawzi setup-schedule")];
        with_code(language, "home-sweep-never", &command)
    };
    let worker = if status.worker_runs {
        html! { (text("home-worker-runs")) }
    } else {
        let commands = [
            ("command", "tawzi worker"),
            ("other", "tawzi serve"),
            ("option", "--no-worker"),
        ];
        with_code(language, "home-worker-missing", &commands)
    };
    let waiting = waiting(language, status.waiting_clients);
    html! {
        (fact(&text("home-database"), true, &html! { (text("home-database-answers")) }))
        (fact(&text("home-sweep"), status.next_sweep.is_some(), &sweep))
        (fact(&text("home-worker"), status.worker_runs, &worker))
        (fact(&text("home-waiting"), status.waiting_clients == 0, &waiting))
    }
}

/// Who waits for somebody, and what can be done about it.
fn waiting(language: Language, clients: i64) -> Markup {
    if clients == 0 {
        return html! { (language.text("home-waiting-none")) };
    }
    let number = if clients < MOST_WAITING {
        clients.to_string()
    } else {
        format!("{MOST_WAITING}+")
    };
    with_code(language, "home-waiting-some", &[("number", &number)])
}

fn fact(name: &str, good: bool, value: &Markup) -> Markup {
    html! {
        dt { (name) }
        dd class=(if good { "good" } else { "bad" }) { (value) }
    }
}

/// The text, with words of programs in its places. They are written from left to right in any
/// language.
fn with_code(language: Language, key: &str, values: &[(&'static str, &str)]) -> Markup {
    let values: Vec<_> = values
        .iter()
        .map(|&(name, value)| (name, html! { code dir="ltr" { (value) } }))
        .collect();
    with_element(language, key, &values)
}

/// The text with markup in its places. The texts are this program's own and hold no markup.
fn with_element(language: Language, key: &str, values: &[(&'static str, Markup)]) -> Markup {
    let values: Vec<_> = values
        .iter()
        .map(|(name, value)| (*name, &*value.0))
        .collect();
    PreEscaped(language.text_with(key, &values))
}
