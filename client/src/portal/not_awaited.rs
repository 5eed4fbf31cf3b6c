//! What the compiler says of a loop over what has to be awaited.
//!
//! A call and a stream are no iterators. Without the implementations below,
//! which hold for no type, the message would say that and no more.

use super::call::Call;
use super::pages::Pages;

/// What a loop goes over.
pub struct Loop<T>(T);

#[diagnostic::on_unimplemented(
    message = "a stream is read with `while let`, not with `for`",
    label = "write `while let Some(row) = stream.next().await { … }`",
    note = "the next page comes over the network, and `for` cannot wait for it"
)]
pub trait LoopOverStream {}

#[diagnostic::on_unimplemented(
    message = "this call has not been made: it needs `.await?`",
    label = "write `.await?` behind the call",
    note = "a call is made when it is awaited, and answers with its rows or an error"
)]
pub trait LoopOverCall {}

#[doc(hidden)]
impl<T> Iterator for Pages<T>
where
    Loop<T>: LoopOverStream,
{
    type Item = T;

    fn next(&mut self) -> Option<T> {
        None
    }
}

#[doc(hidden)]
impl<S, K> Iterator for Call<'_, S, K>
where
    Loop<S>: LoopOverCall,
{
    type Item = S;

    fn next(&mut self) -> Option<S> {
        None
    }
}
