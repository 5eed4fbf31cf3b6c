//! The messages of the compiler where something has to be awaited first.
//!
//! A call and a stream are no iterators, and a call has none of the methods of
//! what it answers with. Without what is below, which holds for no type, the
//! messages would say that and no more.

use super::call::Call;
use super::pages::Pages;

/// The subject of a loop.
pub struct Loop<T>(T);

#[diagnostic::on_unimplemented(
    message = "a stream is read with `while let`, not with `for`",
    label = "write `while let Some(row) = stream.next().await`",
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

/// The methods of rows and results that a call does not have.
macro_rules! not_before {
    ($($method:ident -> $answer:ty,)*) => {
        impl<S, K> Call<'_, S, K> {$(
            #[doc(hidden)]
            pub fn $method(&self) -> $answer
            where
                Loop<S>: LoopOverCall,
            {
                Default::default()
            }
        )*}
    };
}

not_before! {
    len -> usize,
    is_empty -> bool,
    iter -> (),
    first -> (),
    get -> (),
    unwrap -> (),
    expect -> (),
    is_ok -> bool,
    is_err -> bool,
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
