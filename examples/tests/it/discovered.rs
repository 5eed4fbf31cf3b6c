/// `domain`, as 1 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "domain")]
pub struct Domain {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// texts, 0 NULL, at place 1.
    pub name: String,
    /// booleans, 0 NULL, at one of the places [2, 3].
    pub allow_terminal_reg: bool,
    /// booleans, 0 NULL, at one of the places [2, 3].
    pub allow_terminal_unreg: bool,
    /// booleans, 0 NULL, at place 4.
    pub allow_anonymous: bool,
    /// whole numbers, 0 NULL, at place 5.
    pub max_terminal_per_subscriber: i64,
}

/// `media`, as 11 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "media")]
pub struct Media {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// whole numbers, 0 NULL, at place 1.
    pub domain_id: i64,
    /// texts, 0 NULL, at place 2.
    pub name: String,
    /// texts, 0 NULL, at place 3.
    pub protocol: String,
    /// texts, 0 NULL, at place 4.
    pub inet_addr: String,
    /// whole numbers, 2 NULL, at place 5.
    pub port: Option<i64>,
    /// texts, 8 NULL, at place 6.
    pub path: Option<String>,
    /// booleans, 0 NULL, at place 7.
    pub is_tv: bool,
    /// booleans, 0 NULL, at place 8.
    pub paid: bool,
}

/// `package`, as 6 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "package")]
pub struct Package {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// whole numbers, 0 NULL, at place 1.
    pub domain_id: i64,
    /// texts, 0 NULL, at place 2.
    pub name: String,
    /// booleans, 0 NULL, at place 3.
    pub paid: bool,
    /// texts, 0 NULL, at place 4.
    pub cost: String,
    /// booleans, 0 NULL, at place 5.
    pub disabled: bool,
}

/// `subscriber`, as 12 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "subscriber")]
pub struct Subscriber {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// whole numbers, 0 NULL, at place 1.
    pub domain_id: i64,
    /// texts, 0 NULL, at place 2.
    pub username: String,
    /// texts, 0 NULL, at place 3.
    pub password: jsonsql_client::schema::Password,
    /// booleans, 0 NULL, at place 4.
    pub disabled: bool,
    /// texts, 4 NULL, at place 5.
    pub email: Option<String>,
    /// texts, 3 NULL, at place 6.
    pub phone: Option<String>,
    /// texts, 1 NULL, at place 7.
    pub address: Option<String>,
    /// texts, 3 NULL, at place 8.
    pub first_name: Option<String>,
    /// texts, 6 NULL, at place 9.
    pub middle_name: Option<String>,
    /// texts, 3 NULL, at place 10.
    pub surname: Option<String>,
    /// whole numbers, 1 NULL, at place 11.
    pub max_terminal: Option<i64>,
    /// texts, 1 NULL, at place 12.
    pub billing: Option<String>,
    /// texts, 0 NULL, at place 13.
    pub r#type: String,
    /// texts, 10 NULL, at place 14.
    pub business: Option<String>,
}

/// `subscriber_inetaddr`, as 3 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "subscriber_inetaddr")]
pub struct SubscriberInetaddr {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// whole numbers, 0 NULL, at place 1.
    pub subscriber_id: i64,
    /// texts, 0 NULL, at place 2.
    pub inet_addr: String,
}

/// `subscriber_package`, as 12 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "subscriber_package")]
pub struct SubscriberPackage {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// whole numbers, 0 NULL, at place 1.
    pub subscriber_id: i64,
    /// whole numbers, 0 NULL, at place 2.
    pub package_id: i64,
    /// booleans, 0 NULL, at place 3.
    pub enabled: bool,
    /// texts, 8 NULL, at place 4.
    pub expired_on: Option<String>,
}

/// `terminal`, as 12 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "terminal")]
pub struct Terminal {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// whole numbers, 0 NULL, at place 1.
    pub domain_id: i64,
    /// whole numbers, 1 NULL, at place 2.
    pub subscriber_id: Option<i64>,
    /// hardware addresses, 0 NULL, at place 3.
    pub mac_addr: jsonsql::MacAddr,
    /// texts, 1 NULL, at place 4.
    pub inet_addr: Option<String>,
    /// booleans, 0 NULL, at place 5.
    pub registered: bool,
}

/// `terminal_playlog`, as 4 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "terminal_playlog")]
pub struct TerminalPlaylog {
    /// texts, 0 NULL, at place 0.
    #[column(key)]
    pub start: String,
    /// whole numbers, 0 NULL, at place 1.
    #[column(key)]
    pub domain_id: i64,
    /// hardware addresses, 0 NULL, at place 2.
    #[column(key)]
    pub mac_addr: jsonsql::MacAddr,
    /// whole numbers, 0 NULL, at place 3.
    #[column(key)]
    pub channel_id: i64,
}

/// `tv_category`, as 2 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "tv_category")]
pub struct TvCategory {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// texts, 0 NULL, at place 1.
    pub name: String,
    /// texts, 1 NULL, at place 2.
    pub logo: Option<String>,
}

/// `tv_channel`, as 4 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "tv_channel")]
pub struct TvChannel {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// texts, 0 NULL, at place 1.
    pub name: String,
    /// texts, 2 NULL, at place 2.
    pub logo: Option<String>,
}

/// `tv_program`, as 4 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "tv_program")]
pub struct TvProgram {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key, generated)]
    pub id: i64,
    /// texts, 0 NULL, at place 1.
    pub start: String,
    /// texts, 0 NULL, at place 2.
    pub stop: String,
    /// whole numbers, 0 NULL, at place 3.
    pub channel_id: i64,
    /// texts, 0 NULL, at place 4.
    pub title: String,
    /// whole numbers, 0 NULL, at place 5.
    pub epg_provider_id: i64,
}

/// `tv_program_category`, as 4 of its rows show it.
#[derive(Debug, Clone, PartialEq, jsonsql::Table)]
#[table(name = "tv_program_category")]
pub struct TvProgramCategory {
    /// whole numbers, 0 NULL, at place 0.
    #[column(key)]
    pub program_id: i64,
    /// whole numbers, 0 NULL, at place 1.
    #[column(key)]
    pub category_id: i64,
}
