//! The page for what can happen to any request. It speaks both languages: it does not know any more
//! which one was asked for.

use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};
use tawzi_app::Language;
use tawzi_web::Trouble;

/// The page that says what happened, and what to do next.
pub(crate) fn answer(trouble: Trouble) -> Response {
    (trouble.status(), page(trouble)).into_response()
}

fn page(trouble: Trouble) -> Markup {
    let what = match trouble {
        Trouble::TookTooLong => "trouble-took-too-long",
        Trouble::Panicked => "trouble-panicked",
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Tawzi" }
                link rel="stylesheet" href="/assets/tawzi.css";
            }
            body {
                @for language in [Language::Arabic, Language::English] {
                    section lang=(language.tag()) dir=(language.direction()) {
                        h1 { (language.text("trouble-title")) }
                        p { (language.text(what)) }
                        p {
                            a href={ "/?lang=" (language.tag()) } { (language.text("trouble-home")) }
                        }
                    }
                }
            }
        }
    }
}
