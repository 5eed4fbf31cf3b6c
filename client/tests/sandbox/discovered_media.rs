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
