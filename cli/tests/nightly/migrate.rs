//! From one platform to another.

use crate::world::{Scratch, jsonsql, run, server};

#[tokio::test(flavor = "multi_thread")]
async fn it_shows_first_and_writes_when_told_to() {
    let (sandbox, scratch) = (server(5).await, Scratch::new("migrate"));
    let config = format!(
        "[profiles.tms]\nplatform = \"tvip\"\nurl = \"{}\"\nusername = \"admin\"\nprovider = 1\npassword_command = \"echo adminpassword\"\n",
        sandbox.tvip_url()
    );
    let config = scratch.file("config.toml", &config);
    let migrate = |more: &[&str]| {
        let mut command = jsonsql(&sandbox, &scratch);
        command
            .args(["migrate", "--to-profile", "tms", "--config"])
            .arg(&config);
        run(command.args(more).current_dir(scratch.path("")))
    };
    let accounts = || {
        sandbox.tvip().state()["accounts"]
            .as_array()
            .map_or(0, Vec::len)
    };
    let before = accounts();
    let (code, printed, said) = migrate(&[]);
    assert!(code == 0 || code == 1, "{printed}{said}");
    assert!(
        printed.contains("What gets lost") && said.contains("--write does it"),
        "{printed}{said}"
    );
    assert!(
        said.contains("profile `tms`"),
        "the variables name the source: {said}"
    );
    assert_eq!(accounts(), before);

    let (_, printed, said) = migrate(&["--write", "--yes", "--passwords", "passwords.csv"]);
    let created = accounts() - before;
    assert!(created > 1, "{printed}{said}");
    let passwords = std::fs::read_to_string(scratch.path("passwords.csv")).expect("passwords");
    assert_eq!(
        passwords.lines().count(),
        created + 1,
        "a header and each login"
    );
    for line in passwords.lines().skip(1) {
        let password = line.rsplit(',').next().expect("a password");
        assert!(
            !printed.contains(password) && !said.contains(password),
            "a password is printed"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_have_to_be_decided() {
    let (sandbox, scratch) = (server(3).await, Scratch::new("undecided"));
    let mut command = jsonsql(&sandbox, &scratch);
    let (code, _, said) = run(command.args(["migrate", "--to-sandbox", "tvip", "--write"]));
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("--passwords FILE, or --no-passwords"),
        "{said}"
    );
    let mut command = jsonsql(&sandbox, &scratch);
    command.args([
        "migrate",
        "--to-sandbox",
        "tvip",
        "--write",
        "--yes",
        "--no-passwords",
    ]);
    let (code, printed, said) = run(command.current_dir(scratch.path("")));
    // One of the generated logins is somebody else's there.
    assert_eq!(code, 1, "{printed}{said}");
    assert!(scratch.path("migration.report.jsonl").exists());
}
