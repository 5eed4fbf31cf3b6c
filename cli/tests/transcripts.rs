//! The pages of `doc/` are transcripts: every command in them is run, and prints
//! what the page says.

#[test]
fn every_command_of_the_pages_prints_what_they_say() {
    let cases = trycmd::TestCases::new();
    // The settings of whoever runs the tests name no server here.
    for variable in [
        "JSONSQL_URL",
        "JSONSQL_DOMAIN",
        "JSONSQL_PLATFORM",
        "JSONSQL_USERNAME",
        "JSONSQL_PASSWORD",
        "JSONSQL_PROFILE",
        "JSONSQL_CONFIG",
        "HOME",
    ] {
        cases.env(variable, "");
    }
    cases.env("XDG_CONFIG_HOME", "config").env("NO_COLOR", "1");
    cases.case("doc/*.md");
}
