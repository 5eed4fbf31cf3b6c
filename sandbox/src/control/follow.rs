//! The journal as it is written: server-sent events.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use super::Shared;
use super::answer::Refused;
use super::requests::Filter;
use crate::journal::Request;

/// The number of events that wait for a reader.
const WAITING: usize = 64;

/// The interval at which a quiet stream shows that it is alive, which also
/// detects readers that have left.
const QUIET: Duration = Duration::from_secs(5);

/// Sends the requests after the number in `after`, or in the header
/// `Last-Event-ID` that a browser sends when it connects again, and then each as
/// it is answered; without a number, only those to come. An event `request` is a
/// request, its id the request's number; `missed` says how many were not sent to
/// a caller who reads too slowly.
pub(super) async fn follow(
    State(control): State<Shared>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let mut filter = Filter::read(query.as_deref())?;
    if let Some(last) = headers.get("last-event-id") {
        let last = last.to_str().ok().and_then(|last| last.parse().ok());
        filter.after = last.or(filter.after);
    }
    let (send, events) = mpsc::channel(WAITING);
    let (mut before, mut requests) = control
        .watch
        .journal
        .follow(|request| filter.passes(request));
    if filter.after.is_none() {
        before.clear();
    }
    let mut stopping = control.stopping.clone();
    let following = async move {
        for request in before {
            send.send(event(&request)).await.ok()?;
        }
        loop {
            let event = match requests.recv().await {
                Ok(request) if filter.passes(&request) => event(&request),
                Ok(_) => continue,
                Err(RecvError::Lagged(missed)) => {
                    let missed = json!({"missed": missed}).to_string();
                    Event::default().event("missed").data(missed)
                }
                Err(RecvError::Closed) => return None,
            };
            send.send(event).await.ok()?;
        }
    };
    tokio::spawn(async move {
        let _: Option<Infallible> = tokio::select! {
            ended = following => ended,
            _ = stopping.wait_for(|stopping| *stopping) => None,
        };
    });
    let alive = KeepAlive::new().interval(QUIET);
    Ok(Sse::new(Events(events)).keep_alive(alive).into_response())
}

fn event(request: &Request) -> Event {
    let json = serde_json::to_string(request).unwrap_or_default();
    Event::default()
        .event("request")
        .id(request.number.to_string())
        .data(json)
}

/// Events as they come.
struct Events(mpsc::Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(Ok))
    }
}
