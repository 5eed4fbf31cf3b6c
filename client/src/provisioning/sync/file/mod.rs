//! A schedule in a file: made now, read by a person, applied later.
//!
//! JSON lines: a header with the platform, the time and the number of jobs, then
//! a line for each job with what it was planned from, as a fingerprint. A file
//! that is cut off is refused.

mod record;

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use super::schedule::{Item, Schedule};
use crate::model::Timestamp;
use crate::provisioning::executor::{Forecast, ForecastStep};
use crate::provisioning::platform::Platform;
use record::JobRecord;

/// The version of the format.
const FORMAT: u32 = 1;

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
    /// A plan of something else.
    #[error("the plan file is of {found}, and this is {expected}")]
    Platform {
        /// The platform of the file.
        found: String,
        /// The platform it is to be applied to.
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
    steps: Vec<StepRecord>,
    #[serde(flatten)]
    job: JobRecord,
}

#[derive(Serialize, Deserialize)]
struct StepRecord {
    name: String,
    fields: Vec<String>,
}

/// Writes a schedule that was foreseen.
///
/// # Errors
///
/// If the file cannot be written, or would have a password in it.
pub fn write_plan<P: Platform>(
    schedule: &Schedule<P>,
    made: Timestamp,
    mut file: impl Write,
) -> Result<(), PlanFileError> {
    let header = Header {
        jsonsql_plan: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        platform: schedule.platform.to_owned(),
        made: made.to_string(),
        base: schedule.base,
        jobs: schedule.items.len(),
    };
    line(&mut file, &header)?;
    for item in &schedule.items {
        if item.job.wanted().password.is_some() {
            return Err(PlanFileError::Password { line: item.line });
        }
        let forecast = item.forecast.as_ref();
        let step = |step: &ForecastStep| StepRecord {
            name: step.name.to_owned(),
            fields: step
                .differs
                .iter()
                .map(|one| one.field().to_owned())
                .collect(),
        };
        let record = Line {
            line: item.line,
            login: item.login.clone(),
            takes_away: forecast.is_some_and(|forecast| forecast.takes_away),
            alone: item.is_alone,
            fingerprint: forecast
                .and_then(|forecast| forecast.fingerprint)
                .map(|fingerprint| format!("{fingerprint:016x}")),
            steps: forecast.map_or(Vec::new(), |forecast| {
                forecast.steps.iter().map(step).collect()
            }),
            job: JobRecord::new(&item.job),
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

/// Reads a schedule, to be guarded and applied. Whoever has changed since it
/// was made is left as it is then. Its steps are not known any more, only
/// whether they take something away.
///
/// # Errors
///
/// If it is not a whole plan of this platform.
pub fn read_plan<P: Platform>(
    platform: &P,
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
    if header.platform != platform.name() {
        return Err(PlanFileError::Platform {
            found: header.platform,
            expected: platform.name().to_owned(),
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
        items.push(Item {
            line: record.line,
            login: record.login,
            job: job.unless_changed(fingerprint),
            is_alone: record.alone,
            forecast: Some(Forecast {
                steps: Vec::new(),
                effects: Vec::new(),
                losses: Vec::new(),
                takes_away: record.takes_away,
                fingerprint,
            }),
        });
    }
    if items.len() != header.jobs {
        return Err(PlanFileError::Length {
            expected: header.jobs,
            found: items.len(),
        });
    }
    Ok(Schedule::of_items(platform, header.base, items))
}

fn parse<T: for<'a> Deserialize<'a>>(line: usize, text: &str) -> Result<T, PlanFileError> {
    serde_json::from_str(text).map_err(|error| PlanFileError::Line {
        line: line + 1,
        // The words of serde may have a value in them.
        problem: format!("not a line of a plan, at column {}", error.column()),
    })
}
