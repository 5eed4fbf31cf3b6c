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
