//! The options of the program that bound its callers.

use std::time::Duration;

use crate::Limits;
use clap::Args;

#[derive(Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// How many connections there may be. One more closes the one that has
    /// been waiting longest for its caller.
    #[arg(long, default_value_t = Limits::default().connections, value_name = "COUNT", value_parser = positive)]
    max_connections: usize,

    /// The largest address and headers of a request.
    #[arg(long, default_value_t = Limits::default().header, value_name = "BYTES", value_parser = positive)]
    max_header: usize,

    /// How long a request's headers may take to arrive.
    #[arg(long, default_value_t = Seconds(Limits::default().header_time), value_name = "SECONDS", value_parser = seconds)]
    header_timeout: Seconds,

    /// The largest body of a request.
    #[arg(long, default_value_t = Limits::default().body, value_name = "BYTES", value_parser = positive)]
    max_body: usize,

    /// The largest body of a request without a valid session or credentials.
    #[arg(long, default_value_t = Limits::default().body_before_login, value_name = "BYTES", value_parser = positive)]
    max_body_before_login: usize,

    /// How long a body may take to arrive.
    #[arg(long, default_value_t = Seconds(Limits::default().body_time), value_name = "SECONDS", value_parser = seconds)]
    body_timeout: Seconds,

    /// How long a caller may take to fetch an answer.
    #[arg(long, default_value_t = Seconds(Limits::default().answer_time), value_name = "SECONDS", value_parser = seconds)]
    answer_timeout: Seconds,

    /// How long a connection is kept without a request.
    #[arg(long, default_value_t = Seconds(Limits::default().idle_time), value_name = "SECONDS", value_parser = seconds)]
    idle_timeout: Seconds,

    /// How many calls a JSON-RPC batch may have.
    #[arg(long, default_value_t = Limits::default().batch, value_name = "CALLS", value_parser = positive)]
    max_batch: usize,

    /// How long one statement may take.
    #[arg(long, default_value_t = Seconds(Limits::default().statement_time), value_name = "SECONDS", value_parser = seconds)]
    statement_timeout: Seconds,

    /// How long statements go on after their caller has closed the connection.
    #[arg(long, default_value_t = Seconds(Limits::default().abandoned_time), value_name = "SECONDS", value_parser = seconds)]
    abandoned_timeout: Seconds,

    /// How many rows a statement may answer.
    #[arg(long, default_value_t = Limits::default().result_rows, value_name = "ROWS", value_parser = positive)]
    max_result_rows: usize,

    /// How many bytes the results of a request may take: those of their texts,
    /// and 32 for each value.
    #[arg(long, default_value_t = Limits::default().result_bytes, value_name = "BYTES", value_parser = positive)]
    max_result_bytes: usize,
}

impl LimitArgs {
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            connections: self.max_connections,
            header: self.max_header,
            header_time: self.header_timeout.0,
            body: self.max_body,
            body_before_login: self.max_body_before_login,
            body_time: self.body_timeout.0,
            answer_time: self.answer_timeout.0,
            idle_time: self.idle_timeout.0,
            batch: self.max_batch,
            statement_time: self.statement_timeout.0,
            abandoned_time: self.abandoned_timeout.0,
            result_rows: self.max_result_rows,
            result_bytes: self.max_result_bytes,
        }
    }
}

/// A time that is shown and read in seconds.
#[derive(Clone, Copy)]
struct Seconds(Duration);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.as_secs_f64())
    }
}

fn seconds(text: &str) -> Result<Seconds, String> {
    let wrong = || "expected a number of seconds above 0, such as 30 or 0.5".to_owned();
    let seconds: f64 = text.parse().map_err(|_| wrong())?;
    let time = Duration::try_from_secs_f64(seconds).map_err(|_| wrong())?;
    if time.is_zero() {
        return Err(wrong());
    }
    Ok(Seconds(time))
}

fn positive(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "expected a whole number above 0".to_owned())
}
