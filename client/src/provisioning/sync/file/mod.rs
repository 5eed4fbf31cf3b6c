//! A schedule in a file: made now, read by a person, applied later.
//!
//! JSON lines: a header with the platform, the server, the time and the number of
//! jobs, then a line for each job with its steps and effects, and with what it was
//! planned from, as a fingerprint. A file that is cut off, or of another server, is
//! refused.

mod record;

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use url::Url;

use super::item::Item;
use super::schedule::Schedule;
use super::show::ItemText;
use crate::model::Timestamp;
use crate::provisioning::executor::Forecast;
use crate::provisioning::platform::Platform;
use record::JobRecord;

/// The version of the format.
const FORMAT: u32 = 2;

/// A plan file that cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanFileError {
    /// The file itself.
    #[error("the plan file: {0}")]
    Io(#[from] io::Error),
    /// A password, which is not to lie about in a file.
    #[error("a plan with passwords cannot be saved: that of line {line:?} has one")]
    Password {
        /// The line of the export.
        line: Option<u64>,
    },
    /// A line that is not one of a plan.
    #[error("line {line} of the plan file: {problem}")]
    Line {
        /// The line of the plan file.
        line: usize,
        /// The problem, without values.
        problem: String,
    },
    /// A plan of another server.
    #[error("the plan was made for {found}, and this is {expected}")]
    Server {
        /// The platform and the server of the file: `tvip at https://tms.example.net/`.
        found: String,
        /// Those it is to be applied to.
        expected: String,
    },
    /// A file that was cut off, or added to.
    #[error("the plan file has {found} jobs, and its header says {expected}")]
    Length {
        /// The number in the header.
        expected: usize,
        /// The number of lines.
        found: usize,
    },
}

#[derive(Serialize, Deserialize)]
struct Header {
    jsonsql_plan: u32,
    program: String,
    platform: String,
    server: String,
    made: String,
    base: usize,
    jobs: usize,
}

#[derive(Serialize, Deserialize)]
struct Line {
    line: Option<u64>,
    login: String,
    takes_away: bool,
    /// It needs nothing that another one has.
    #[serde(default)]
    alone: bool,
    fingerprint: Option<String>,
    #[serde(flatten)]
    text: ItemText,
    #[serde(flatten)]
    job: JobRecord,
}

/// Writes a schedule that was foreseen, for this server: its address, or another name
/// that it always has. Of an address the file has neither login nor password.
///
/// # Errors
///
/// If the file cannot be written, or would have a password in it.
pub fn write_plan<P: Platform>(
    platform: &P,
    schedule: &Schedule<P>,
    server: &str,
    made: Timestamp,
    mut file: impl Write,
) -> Result<(), PlanFileError> {
    let header = Header {
        jsonsql_plan: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        platform: schedule.platform.to_owned(),
        server: server_name(server),
        made: made.to_string(),
        base: schedule.base,
        jobs: schedule.items.len(),
    };
    line(&mut file, &header)?;
    let packages = schedule.package_names(platform);
    for item in &schedule.items {
        let job = item.job(platform.identity(), &*schedule.export);
        if job.wanted().password.is_some() {
            return Err(PlanFileError::Password { line: item.line });
        }
        let forecast = item.forecast.as_ref();
        let record = Line {
            line: item.line,
            login: item.login.clone(),
            takes_away: forecast.is_some_and(|forecast| forecast.takes_away),
            alone: item.is_alone,
            fingerprint: forecast
                .and_then(|forecast| forecast.fingerprint)
                .map(|fingerprint| format!("{fingerprint:016x}")),
            text: item.text(&packages),
            job: JobRecord::new(&job),
        };
        line(&mut file, &record)?;
    }
    file.flush()?;
    Ok(())
}

fn line(file: &mut impl Write, record: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *file, record)?;
    file.write_all(b"\n")
}

/// Reads a schedule, to be shown, guarded and applied. Whoever has changed since it
/// was made is left as it is then. Its steps and effects are known as texts, and
/// whether they take something away.
///
/// # Errors
///
/// If it is not a whole plan, or was made for another platform or server than this one.
pub fn read_plan<P: Platform>(
    platform: &P,
    server: &str,
    file: impl BufRead,
) -> Result<Schedule<P>, PlanFileError> {
    let mut lines = file.lines().enumerate();
    let problem = |line: usize, problem: String| PlanFileError::Line {
        line: line + 1,
        problem,
    };
    let (_, first) = lines
        .next()
        .ok_or_else(|| problem(0, "it is empty".into()))?;
    let header: Header = parse(0, &first?)?;
    if header.jsonsql_plan != FORMAT {
        return Err(problem(
            0,
            format!("format {} is not known", header.jsonsql_plan),
        ));
    }
    let server = server_name(server);
    if (header.platform.as_str(), &header.server) != (platform.name(), &server) {
        return Err(PlanFileError::Server {
            found: format!("{} at {}", header.platform, header.server),
            expected: format!("{} at {server}", platform.name()),
        });
    }
    let mut items = Vec::new();
    for (number, text) in lines {
        let record: Line = parse(number, &text?)?;
        let fingerprint = match record.fingerprint.as_deref() {
            None => None,
            Some(digits) => Some(
                u64::from_str_radix(digits, 16)
                    .map_err(|_| problem(number, "`fingerprint` is not a number".into()))?,
            ),
        };
        let job = (record.job)
            .job(platform.identity())
            .map_err(|what| problem(number, what.to_owned()))?;
        let mut item = Item::of_job(record.login, job);
        item.line = record.line;
        item.is_alone = record.alone;
        item.forecast = Some(Forecast {
            steps: Vec::new(),
            effects: Vec::new(),
            losses: Vec::new(),
            takes_away: record.takes_away,
            fingerprint,
        });
        item.saved = Some(Box::new(record.text));
        items.push(item);
    }
    if items.len() != header.jobs {
        return Err(PlanFileError::Length {
            expected: header.jobs,
            found: items.len(),
        });
    }
    Ok(Schedule::of_items(platform, header.base, items))
}

/// The address without a login, in one spelling; another name as it is.
fn server_name(server: &str) -> String {
    let Ok(mut url) = Url::parse(server) else {
        return server.to_owned();
    };
    // Addresses without a host cannot have a login.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.as_str().trim_end_matches('/').to_owned()
}

fn parse<T: for<'a> Deserialize<'a>>(line: usize, text: &str) -> Result<T, PlanFileError> {
    serde_json::from_str(text).map_err(|error| PlanFileError::Line {
        line: line + 1,
        // The words of serde may have a value in them.
        problem: format!("not a line of a plan, at column {}", error.column()),
    })
}
