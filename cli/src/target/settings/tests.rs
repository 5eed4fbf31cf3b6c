use super::*;

const CONFIG: &str = r#"
    default = "main"
    [profiles.main]
    domain = "operator"
    username = "billing"
    password = "of-main"
    timeout = "5m"
    [profiles.boxes]
    platform = "ministra"
    url = "https://tv.example.net/stalker_portal/api"
    username = "stalker"
    password_command = "pass show boxes"
"#;

fn chosen(args: TargetArgs, environment: &[(&str, &str)], config: &str) -> Result<Chosen> {
    let config: Config = toml::from_str(config).expect("a config");
    let variable = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    choose(&args, Names::SERVER, &variable, &config)
}

fn server(args: TargetArgs, environment: &[(&str, &str)], config: &str) -> (Server, String) {
    match chosen(args, environment, config).expect("a server") {
        Chosen::Server(server, secret) => match secret {
            Secret::Text(Password(text)) | Secret::Command(text) | Secret::Keyring(text) => {
                (*server, text)
            }
        },
        Chosen::Sandbox { .. } => panic!("a sandbox was chosen"),
    }
}

fn problem(args: TargetArgs, environment: &[(&str, &str)], config: &str) -> String {
    chosen(args, environment, config)
        .expect_err("a mistake")
        .report()
}

fn args(set: impl FnOnce(&mut TargetArgs)) -> TargetArgs {
    let mut args = TargetArgs::default();
    set(&mut args);
    args
}

#[test]
fn nothing_named_is_a_failure_that_says_how_to_name_it() {
    let text = problem(TargetArgs::default(), &[], "");
    assert!(
        text.starts_with("error: no server is named\n  hint: --sandbox "),
        "{text}"
    );
    let text = problem(
        TargetArgs::default(),
        &[],
        "[profiles.main]\nurl = 'https://x'",
    );
    assert!(text.contains("--profile takes one of `main`"), "{text}");
}

#[test]
fn the_default_profile_is_weaker_than_a_named_one() {
    let (found, password) = server(TargetArgs::default(), &[], CONFIG);
    assert_eq!(found.address, Address::Domain("operator".to_owned()));
    assert_eq!(
        (password.as_str(), found.origin.as_str()),
        ("of-main", "profile `main`")
    );
    assert_eq!(found.way.timeout, Some(Duration::from_secs(300)));

    let (found, password) = server(args(|a| a.profile = Some("boxes".to_owned())), &[], CONFIG);
    assert_eq!(found.platform, Platform::Ministra);
    assert_eq!(password.as_str(), "pass show boxes");
}

#[test]
fn a_profiles_password_goes_to_no_other_address() {
    let elsewhere = [("JSONSQL_URL", "https://elsewhere.example.net")];
    let text = problem(TargetArgs::default(), &elsewhere, CONFIG);
    assert!(
        text.contains("the login is missing for the server of the environment"),
        "{text}"
    );
    let text = problem(
        args(|a| {
            a.url = Some("https://elsewhere.example.net".to_owned());
            a.username = Some("billing".to_owned());
        }),
        &[],
        CONFIG,
    );
    assert!(
        text.contains("the password is missing for the server of the command line"),
        "{text}"
    );
}

#[test]
fn flags_are_stronger_than_the_environment_and_that_is_than_a_profile() {
    let environment = [
        ("JSONSQL_DOMAIN", "second"),
        ("JSONSQL_USERNAME", "env"),
        ("JSONSQL_PASSWORD", "of-env"),
    ];
    let (found, password) = server(TargetArgs::default(), &environment, CONFIG);
    assert_eq!(found.address, Address::Domain("second".to_owned()));
    assert_eq!(
        (found.username.as_str(), password.as_str()),
        ("env", "of-env")
    );
    assert_eq!(found.way.timeout, None, "settings of another server");

    let flags = args(|a| {
        a.url = Some("https://third.example.net".to_owned());
        a.username = Some("flag".to_owned());
    });
    let (found, password) = server(flags, &environment, CONFIG);
    assert_eq!(
        found.address,
        Address::Url("https://third.example.net".to_owned())
    );
    assert_eq!(
        (found.username.as_str(), password.as_str()),
        ("flag", "of-env")
    );
}

#[test]
fn an_empty_variable_is_not_set() {
    let (found, _) = server(TargetArgs::default(), &[("JSONSQL_URL", "")], CONFIG);
    assert_eq!(found.origin, "profile `main`");
}

#[test]
fn what_contradicts_itself_is_refused() {
    let both = [("JSONSQL_URL", "https://x"), ("JSONSQL_DOMAIN", "y")];
    let text = problem(TargetArgs::default(), &both, "");
    assert!(
        text.contains("JSONSQL_URL and JSONSQL_DOMAIN are both set"),
        "{text}"
    );
    let text = problem(args(|a| a.profile = Some("mian".to_owned())), &[], CONFIG);
    assert!(text.contains("no profile `mian`"), "{text}");
    assert!(text.contains("`boxes`, `main`"), "{text}");
    let text = problem(args(|a| a.provider = Some(1)), &[], CONFIG);
    assert!(text.contains("only TVIP has providers"), "{text}");
    let text = problem(args(|a| a.platform = Some(Platform::Tvip)), &[], CONFIG);
    assert!(text.contains("only IPTVPORTAL has domains"), "{text}");
    let text = problem(
        TargetArgs::default(),
        &[("JSONSQL_PLATFORM", "stalker")],
        CONFIG,
    );
    assert!(text.contains("JSONSQL_PLATFORM is `stalker`"), "{text}");
}

#[test]
fn times_have_units() {
    let seconds = |text| duration(text).ok().map(|time| time.as_secs_f64());
    assert_eq!(seconds("90"), Some(90.0));
    assert_eq!(seconds("90s"), Some(90.0));
    assert_eq!(seconds("5m"), Some(300.0));
    assert_eq!(seconds("500ms"), Some(0.5));
    for wrong in ["", "s", "0", "0m", "-1s", "1h", "1.5s", "99999999999s"] {
        assert_eq!(seconds(wrong), None, "{wrong}");
    }
}

#[test]
fn a_sandbox_is_only_what_is_asked_for() {
    let found = chosen(
        args(|a| a.sandbox = true),
        &[("JSONSQL_URL", "https://x")],
        CONFIG,
    );
    assert!(matches!(
        found,
        Ok(Chosen::Sandbox {
            platform: Platform::Iptvportal,
            ..
        })
    ));
}

#[test]
fn a_password_is_kept_in_one_place() {
    let profile =
        |kept: &str| format!("[profiles.main]\nurl = 'https://x'\nusername = 'a'\n{kept}\n");
    let main = || args(|a| a.profile = Some("main".to_owned()));
    let (_, entry) = server(main(), &[], &profile("keyring = 'tms'"));
    assert_eq!(entry, "tms");
    for (kept, named) in [
        (
            "password = 'p'\nkeyring = 'tms'",
            "`password` and `keyring`",
        ),
        (
            "password = 'p'\npassword_command = 'c'",
            "`password` and `password_command`",
        ),
        (
            "keyring = 'tms'\npassword_command = 'c'",
            "`password_command` and `keyring`",
        ),
    ] {
        let text = problem(main(), &[], &profile(kept));
        assert!(text.contains(&format!("has both {named}")), "{text}");
    }
}

#[test]
fn the_target_has_names_of_its_own() {
    let chosen = |args: TargetArgs, environment: &[(&str, &str)]| {
        let config: Config = toml::from_str(CONFIG).expect("a config");
        let variable = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let config = Config {
            default: None,
            ..config
        };
        choose(&args, Names::TARGET, &variable, &config)
    };
    let source = [
        ("JSONSQL_URL", "https://source.example.net"),
        ("JSONSQL_USERNAME", "of-source"),
        ("JSONSQL_PASSWORD", "of-source"),
    ];
    let text = chosen(TargetArgs::default(), &source)
        .expect_err("no target")
        .report();
    assert!(text.starts_with("error: no target is named"), "{text}");
    assert!(
        text.contains("--to-profile takes one of `boxes`, `main`"),
        "{text}"
    );

    let flags = || {
        args(|a| {
            a.url = Some("https://target.example.net".to_owned());
            a.username = Some("of-target".to_owned());
        })
    };
    let text = chosen(flags(), &source).expect_err("no password").report();
    assert!(text.contains("set JSONSQL_TO_PASSWORD"), "{text}");
    let environment = [&source[..], &[("JSONSQL_TO_PASSWORD", "of-target")]].concat();
    match chosen(flags(), &environment).expect("a target") {
        Chosen::Server(server, Secret::Text(Password(text))) => {
            assert_eq!(
                (server.username.as_str(), text.as_str()),
                ("of-target", "of-target")
            );
        }
        other => panic!("{other:?}"),
    }
}
