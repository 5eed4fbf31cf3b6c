#![doc = include_str!("guide_links.md")]
#![doc = include_str!("guide/README.md")]

// The pages read well where they stand, on the web and here: they name what they link
// to by its path, `[text][Client::fetch_all]`. A page ends with the addresses that hold
// on the web; here the first file says that they are items of this crate.
macro_rules! pages {
    ($($name:ident)*) => {$(
        #[doc = include_str!("guide_links.md")]
        #[doc = include_str!(concat!("guide/", stringify!($name), ".md"))]
        pub mod $name {}
    )*};
}

pages! {
    first_query
    joins
    dynamic_filters
    inserts
    updates
    safety
    connection
    failures
    errors
    verdicts
    batches_and_streams
    blocking
    tracing
    three_platforms
    provisioning
    pains
    without_server
    snapshots
    sandbox
    testing_here
    controlling
    from_json
    from_python
    from_sql
    unknowns
    figures
}
