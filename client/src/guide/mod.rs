//! The guide, by task. Every piece of code in it is compiled and run against
//! the [sandbox](https://docs.rs/jsonsql-sandbox) when the tests run.
//!
//! | you want to | page |
//! | --- | --- |
//! | read something for the first time | [`first_query`] |
//! | read several tables together | [`joins`] |
//! | build a search from what a user filled in | [`dynamic_filters`] |
//! | add rows | [`inserts`] |
//! | change and delete rows | [`updates`] |
//! | know what is refused, and why | [`safety`] |
//! | know what happens when the network fails | [`failures`] |
//! | know what an answer proves | [`verdicts`] |
//! | send or read a lot | [`batches_and_streams`] |
//! | serve IPTVPORTAL, Ministra and TVIP with one integration | [`three_platforms`] |
//! | show what would be written, compare an export, test without a server | [`provisioning`] |
//! | know which accidents of other integrations cannot happen | [`pains`] |
//! | test a billing without a vendor's server, in any language | [`sandbox`] |
//! | copy a whole test in Rust, Python, PHP, Perl or for Node | [`testing_here`] |
//! | set that sandbox up and look into it, without a restart | [`controlling`] |
//! | see in a test what is sent | [`snapshots`] |
//! | leave hand-written JSON | [`from_json`] |
//! | leave the Python client | [`from_python`] |
//! | send what you have as SQL | [`from_sql`] |
//! | know what nobody knows about the protocol | [`unknowns`] |
//!
//! From a shell there is the command `jsonsql`. Its pages are transcripts, of its usual
//! mistakes too:
//!
//! | you want to | page |
//! | --- | --- |
//! | run SQL | [`jsonsql sql`](https://github.com/jsonsql/jsonsql/blob/main/cli/doc/sql.md) |
//! | send a request as it is | [`jsonsql send`](https://github.com/jsonsql/jsonsql/blob/main/cli/doc/send.md) |
//! | find mistakes in requests and logs | [`jsonsql lint`](https://github.com/jsonsql/jsonsql/blob/main/cli/doc/lint.md) |
//! | name servers, and see what they have | [`jsonsql profiles`, `schema`](https://github.com/jsonsql/jsonsql/blob/main/cli/doc/server.md) |
//! | look after one subscriber | [`jsonsql subscriber` and others](https://github.com/jsonsql/jsonsql/blob/main/cli/doc/operations.md) |
//! | compare a billing's export every night, or change platforms | [`jsonsql plan`, `apply`, `migrate`](https://github.com/jsonsql/jsonsql/blob/main/cli/doc/nightly.md) |
//! | have everything in files | [`jsonsql export`](https://github.com/jsonsql/jsonsql/blob/main/cli/doc/export.md) |
//! | know what is wrong with a server | [`jsonsql doctor`, `trial`](https://github.com/jsonsql/jsonsql/blob/main/cli/doc/trying.md) |
//! | run the sandbox, have completions and manual pages | [`jsonsql sandbox`, `completions`, `man`](https://github.com/jsonsql/jsonsql/blob/main/cli/doc/shell.md) |

macro_rules! chapters {
    ($($name:ident)*) => {$(
        #[doc = include_str!(concat!(stringify!($name), ".md"))]
        pub mod $name {}
    )*};
}

chapters! {
    first_query
    joins
    dynamic_filters
    inserts
    updates
    safety
    failures
    verdicts
    batches_and_streams
    three_platforms
    provisioning
    pains
    sandbox
    testing_here
    controlling
    snapshots
    from_json
    from_python
    from_sql
    unknowns
}
