//! Reading and writing the entities of one kind over HTTP.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use axum::{Extension, Router};
use serde_json::Value;

use super::answer::{self, Json};
use super::behavior::{Created, DeleteOfGone, Deleted, Put, TvipBehavior};
use super::change::{self, Body};
use super::date;
use super::lenient;
use super::query::Query;
use super::refusal::Refusal;
use super::resource::Resource;
use super::state::State;
use super::{LARGEST_REQUEST, Tvip};
use crate::journal::Trace;
use crate::pasted;

type Answer = Result<Response, Refusal>;

/// The paths of what clients can only read.
pub(super) fn read_only<R: Resource>() -> Router<Tvip> {
    let (collection, entity) = reading(Entities::of::<R>());
    paths(R::PATH, &collection, &entity)
}

/// The paths of what clients can write too.
pub(super) fn read_write<R: Resource>() -> Router<Tvip> {
    let of = Entities::of::<R>();
    let (collection, entity) = reading(of);
    let post = move |tvip, trace, body| post(of, tvip, trace, body);
    let put = move |tvip, trace, id, body| put(of, tvip, trace, id, body);
    let delete = move |tvip, trace, id| delete(of, tvip, trace, id);
    paths(
        R::PATH,
        &collection.post(post),
        &entity.put(put).delete(delete),
    )
}

fn reading(of: Entities) -> (MethodRouter<Tvip>, MethodRouter<Tvip>) {
    let list = move |tvip, trace, query| list(of, tvip, trace, query);
    let one = move |tvip, trace, id| one(of, tvip, trace, id);
    (get(list), get(one))
}

fn paths(path: &str, collection: &MethodRouter<Tvip>, entity: &MethodRouter<Tvip>) -> Router<Tvip> {
    let mut router = Router::new();
    for slash in ["", "/"] {
        router = router
            .route(&format!("/{path}{slash}"), collection.clone())
            .route(&format!("/{path}/{{id}}{slash}"), entity.clone());
    }
    router
}

/// What is done with the entities of one kind: the handlers are the same for all kinds.
#[derive(Clone, Copy)]
struct Entities {
    list: fn(&str, &mut State, &TvipBehavior) -> Answer,
    one: fn(i64, &mut State, &TvipBehavior) -> Answer,
    post: fn(Body, &mut State, &TvipBehavior) -> Answer,
    put: fn(i64, Body, &mut State, &TvipBehavior) -> Answer,
    delete: fn(i64, &mut State, &TvipBehavior) -> Answer,
}

impl Entities {
    fn of<R: Resource>() -> Entities {
        Entities {
            list: listed::<R>,
            one: shown::<R>,
            post: posted::<R>,
            put: replaced::<R>,
            delete: deleted::<R>,
        }
    }
}

async fn list(
    of: Entities,
    Shared(tvip): Shared<Tvip>,
    Extension(trace): Extension<Trace>,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let list = move |state: &mut State, behavior: &TvipBehavior| (of.list)(&query, state, behavior);
    tvip.serve(trace, list).await
}

async fn one(
    of: Entities,
    Shared(tvip): Shared<Tvip>,
    Extension(trace): Extension<Trace>,
    id: Result<Path<String>, PathRejection>,
) -> Answer {
    let id = identifier(id)?;
    let one = move |state: &mut State, behavior: &TvipBehavior| (of.one)(id, state, behavior);
    tvip.serve(trace, one).await
}

/// Creates without `id`, changes with: forgetting it makes a second one.
async fn post(
    of: Entities,
    Shared(tvip): Shared<Tvip>,
    Extension(trace): Extension<Trace>,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let body = object(body)?;
    let post = move |state: &mut State, behavior: &TvipBehavior| (of.post)(body, state, behavior);
    tvip.serve(trace, post).await
}

async fn put(
    of: Entities,
    Shared(tvip): Shared<Tvip>,
    Extension(trace): Extension<Trace>,
    id: Result<Path<String>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let id = identifier(id)?;
    let body = object(body)?;
    if body_id(&body)?.is_some_and(|other| other != id) {
        return Err(Refusal::bad("id: not the one in the path"));
    }
    let put = move |state: &mut State, behavior: &TvipBehavior| (of.put)(id, body, state, behavior);
    tvip.serve(trace, put).await
}

async fn delete(
    of: Entities,
    Shared(tvip): Shared<Tvip>,
    Extension(trace): Extension<Trace>,
    id: Result<Path<String>, PathRejection>,
) -> Answer {
    let id = identifier(id)?;
    let delete = move |state: &mut State, behavior: &TvipBehavior| (of.delete)(id, state, behavior);
    tvip.serve(trace, delete).await
}

fn listed<R: Resource>(query: &str, state: &mut State, behavior: &TvipBehavior) -> Answer {
    let list = Query::parse::<R>(query, behavior)?.answer::<R>(state, behavior);
    Ok(answer::json(StatusCode::OK, &list))
}

fn shown<R: Resource>(id: i64, state: &mut State, behavior: &TvipBehavior) -> Answer {
    let row = present::<R>(state, id)?;
    let entity = answer::entity(row, state, behavior);
    Ok(answer::json(StatusCode::OK, &entity))
}

fn replaced<R: Resource>(
    id: i64,
    body: Body,
    state: &mut State,
    behavior: &TvipBehavior,
) -> Answer {
    let old = present::<R>(state, id)?;
    let row = match behavior.put {
        Put::Merges => change::merged(old, body, behavior)?,
        Put::Replaces => change::replaced(old, body, behavior)?,
    };
    Ok(answer::json(StatusCode::OK, &write(row, state, behavior)?))
}

fn posted<R: Resource>(body: Body, state: &mut State, behavior: &TvipBehavior) -> Answer {
    let Some(id) = body_id(&body)? else {
        let row = change::created::<R>(body, state, behavior)?;
        let entity = write(row, state, behavior)?;
        let status = match behavior.created {
            Created::Http200 => StatusCode::OK,
            Created::Http201 => StatusCode::CREATED,
        };
        return Ok(answer::json(status, &entity));
    };
    let row = change::merged(present::<R>(state, id)?, body, behavior)?;
    Ok(answer::json(StatusCode::OK, &write(row, state, behavior)?))
}

fn deleted<R: Resource>(id: i64, state: &mut State, behavior: &TvipBehavior) -> Answer {
    let Some(row) = R::table(state).get(id).cloned() else {
        let status = match behavior.delete_of_gone {
            DeleteOfGone::Http404 => StatusCode::NOT_FOUND,
            DeleteOfGone::Http403 => StatusCode::FORBIDDEN,
            DeleteOfGone::Http400 => StatusCode::BAD_REQUEST,
        };
        return Err(Refusal::application(
            status,
            format!("no {} has the id {id}", R::KIND),
        ));
    };
    let entity = answer::entity(&row, state, behavior);
    row.delete(state, behavior).map_err(Refusal::bad)?;
    Ok(match behavior.deleted {
        Deleted::Response => answer::json(StatusCode::OK, &answer::response()),
        Deleted::Entity => answer::json(StatusCode::OK, &entity),
        Deleted::Http204 => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Puts a row in its table if the rules allow it.
fn write<R: Resource>(
    mut row: R,
    state: &mut State,
    behavior: &TvipBehavior,
) -> Result<Json, Refusal> {
    row.written(date::now(&state.clock), behavior);
    if let Some(reason) = row.dangling(state) {
        return Err(Refusal::bad(reason));
    }
    if let (Some(key), Some(term)) = (row.key(), Resource::key_term(&row)) {
        let mut others = R::table(state)
            .by(&term)
            .filter(|other| other.id() != row.id());
        if others.any(|other| other.key() == Some(key)) {
            return Err(Refusal::bad(format!(
                "{:?} is another {}'s",
                key.1,
                R::KIND
            )));
        }
    }
    if let Some(reason) = row.forbidden(state, behavior) {
        return Err(Refusal::bad(reason));
    }
    let entity = answer::entity(&row, state, behavior);
    R::table_mut(state).put(row);
    Ok(entity)
}

fn present<R: Resource>(state: &State, id: i64) -> Result<&R, Refusal> {
    R::table(state)
        .get(id)
        .ok_or_else(|| Refusal::absent(R::KIND, id))
}

fn identifier(id: Result<Path<String>, PathRejection>) -> Result<i64, Refusal> {
    let wrong = |what: &str| Refusal::framework(StatusCode::BAD_REQUEST, what);
    let Path(id) = id.map_err(|_| wrong("the path is not UTF-8"))?;
    id.parse()
        .map_err(|_| wrong(&format!("{id:?} is not an id")))
}

/// The `id` of a body; null and an empty text are the same as none.
fn body_id(body: &Body) -> Result<Option<i64>, Refusal> {
    match body.get("id") {
        None | Some(Value::Null) => Ok(None),
        Some(id) if id == "" => Ok(None),
        Some(id) => match lenient::as_integer(id) {
            Some(id) => Ok(Some(id)),
            None => Err(Refusal::bad(format!("id: {id} is not an id"))),
        },
    }
}

/// The JSON object a body has to be, whatever its content type says.
pub(super) fn object(body: Result<Bytes, BytesRejection>) -> Result<Body, Refusal> {
    let body = body.map_err(|error| {
        let text = match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                format!("the body has more than {LARGEST_REQUEST} bytes")
            }
            _ => error.body_text(),
        };
        Refusal::framework(error.status(), text)
    })?;
    serde_json::from_slice(&body).map_err(|error| {
        let reason = pasted::reason(&body, &error).unwrap_or_else(|| error.to_string());
        let text = format!("the body is not a JSON object: {reason}");
        Refusal::framework(StatusCode::BAD_REQUEST, text)
    })
}
