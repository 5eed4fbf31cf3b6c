//! The frame of every page.

use maud::{DOCTYPE, Markup, html};

/// The page that a person is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Requests,
    Editor,
    Data,
    Controls,
    /// None of those in the navigation.
    None,
}

const TABS: [(Tab, &str, &str); 4] = [
    (Tab::Requests, "/", "Requests"),
    (Tab::Editor, "/console/editor", "Editor"),
    (Tab::Data, "/console/data", "Data"),
    (Tab::Controls, "/console/controls", "Controls"),
];

/// A whole page with this content.
pub(super) fn page(tab: Tab, title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – sandbox" }
                link rel="stylesheet" href="/console/console.css";
                script src="/console/console.js" defer {}
            }
            body {
                a.skip href="#content" { "To the content" }
                header {
                    p.brand { "jsonsql-sandbox" }
                    nav aria-label="Pages" {
                        ul {
                            @for (one, path, name) in TABS {
                                li {
                                    a href=(path) aria-current=[(one == tab).then_some("page")] {
                                        (name)
                                    }
                                }
                            }
                        }
                    }
                }
                main #content tabindex="-1" {
                    h1 { (title) }
                    (content)
                }
            }
        }
    }
}

/// A table that is wider than a telephone scrolls by itself, with the keyboard
/// too.
pub(super) fn scrolling(label: &str, table: &Markup) -> Markup {
    html! {
        div.scrolling role="region" aria-label=(label) tabindex="0" { (table) }
    }
}
