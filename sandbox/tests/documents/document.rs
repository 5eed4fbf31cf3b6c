//! The files with the examples.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The examples of one document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    /// Its title.
    pub(crate) document: String,
    /// The reasons that examples name.
    pub(crate) reasons: BTreeMap<String, String>,
    pub(crate) examples: Vec<Example>,
}

/// An example, word for word.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    pub(crate) id: String,
    /// The section of the document.
    pub(crate) r#where: String,
    /// Request and answer in one, as the documents of Ministra have them.
    pub(crate) printed: Option<String>,
    pub(crate) request: Option<String>,
    pub(crate) answer: Option<String>,
    pub(crate) mended: Option<Mended>,
    /// The reason why its credentials are not those it prints.
    pub(crate) authorize: Option<String>,
    /// The earlier examples of the document that this one builds upon.
    #[serde(default)]
    pub(crate) after: Vec<String>,
    #[serde(default)]
    pub(crate) differences: Vec<Difference>,
    /// The `result` that follows from the document's words, where it prints none.
    pub(crate) result: Option<Value>,
}

/// The parts of an example that cannot be used as they are printed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mended {
    pub(crate) request: Option<String>,
    pub(crate) answer: Option<String>,
    why: String,
}

/// A place where the sandbox's answer is not the printed one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Difference {
    /// A JSON pointer; `*` is any one step.
    pub(crate) at: String,
    /// The value there, if any other would be wrong.
    #[serde(default, deserialize_with = "present")]
    pub(crate) answers: Option<Value>,
    /// The members that are not printed.
    pub(crate) more: Option<Vec<String>>,
    /// `true` if the printed value has nothing in its place.
    #[serde(default)]
    pub(crate) absent: bool,
    pub(crate) why: String,
}

/// Null is a value too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Document {
    /// Reads a file, whose examples each have an id of their own, reasons that
    /// are explained, and predecessors that come before them.
    pub(crate) fn read(json: &str) -> Document {
        let document: Document = serde_json::from_str(json).unwrap();
        let mut before: Vec<&str> = Vec::new();
        for example in &document.examples {
            for reason in example.reasons() {
                let known = document.reasons.contains_key(reason);
                assert!(known, "{}: no reason `{reason}`", example.id);
            }
            for earlier in &example.after {
                assert!(before.contains(&earlier.as_str()), "{}", example.id);
            }
            assert!(!before.contains(&example.id.as_str()), "{}", example.id);
            before.push(&example.id);
        }
        for reason in document.reasons.keys() {
            let mut examples = document.examples.iter();
            let used = examples.any(|example| example.reasons().contains(&reason.as_str()));
            assert!(used, "the reason `{reason}` is no example's");
        }
        document
    }

    pub(crate) fn by_id(&self, id: &str) -> &Example {
        let mut examples = self.examples.iter();
        examples.find(|example| example.id == id).unwrap()
    }

    /// The examples that one builds upon, and it.
    pub(crate) fn chain<'d>(&'d self, example: &'d Example) -> impl Iterator<Item = &'d Example> {
        let earlier = example.after.iter().map(|id| self.by_id(id));
        earlier.chain([example])
    }
}

impl Example {
    fn reasons(&self) -> Vec<&str> {
        let mended = self.mended.iter().map(|mended| &mended.why);
        let differences = self.differences.iter().map(|difference| &difference.why);
        let all = mended.chain(&self.authorize).chain(differences);
        all.map(String::as_str).collect()
    }

    /// Returns `true` if the document prints only the beginning of the answer.
    pub(crate) fn is_cut(&self) -> bool {
        let end = self.printed.as_deref().unwrap_or_default();
        end.trim_end_matches([']', '}']).ends_with("...") || end.ends_with(",...")
    }

    /// The request to send.
    pub(crate) fn request(&self) -> &str {
        let mended = self.mended.as_ref().and_then(|m| m.request.as_deref());
        let printed = self.request.as_deref().or(self.printed.as_deref());
        mended.or(printed).unwrap()
    }

    /// The answer to expect, as JSON.
    pub(crate) fn expected(&self) -> Option<&str> {
        let mended = self.mended.as_ref().and_then(|m| m.answer.as_deref());
        let answered = self.printed.as_deref().and_then(|printed| {
            let at = printed.rfind("< {")?;
            Some(&printed[at + 2..])
        });
        mended.or(self.answer.as_deref()).or(answered)
    }
}
