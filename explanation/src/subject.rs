//! What a question names: a version, a title, a license, an asset or a user.

use model::estate::{Estate, Target, find};
use model::id::{LicenseId, TitleId, VersionId, ids_in};
use model::suggest::nearest;

/// What is to be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `title@version`.
    Version(VersionId),
    /// All versions of a title.
    Title(TitleId),
    /// A purchase lot.
    License(LicenseId),
    /// Whoever has installs or assignments.
    Holder(Target),
}

/// Why a name says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// Nothing has this name; these are near, each as it would be asked for.
    Unknown(Vec<String>),
    /// The title has no such version; these are near, or all there are.
    NoVersion {
        /// The title.
        title: TitleId,
        /// Its versions as they would be asked for.
        versions: Vec<String>,
    },
    /// Several have this name; each with its kind before it is one only.
    Ambiguous(Vec<Subject>),
}

/// Most versions named beside one that is unknown.
const VERSIONS_MAX: usize = 6;

impl Subject {
    /// The kind, which may stand before a name with a colon.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Version(_) => "version",
            Self::Title(_) => "title",
            Self::License(_) => "license",
            Self::Holder(Target::Asset(_)) => "asset",
            Self::Holder(Target::User(_)) => "user",
        }
    }

    /// The name as written in the estate.
    #[must_use]
    pub fn name(self, estate: &Estate) -> String {
        match self {
            Self::Version(version) => estate.version_text(version),
            Self::Title(title) => estate.titles[title].id.clone(),
            Self::License(license) => estate.licenses[license].id.clone(),
            Self::Holder(Target::Asset(asset)) => estate.assets[asset].clone(),
            Self::Holder(Target::User(user)) => estate.users[user].clone(),
        }
    }

    /// What `text` names in an estate: a name alone, or one after its kind and a colon (`asset:PC-7`).
    ///
    /// # Errors
    /// If nothing or more than one thing has this name.
    pub fn find(estate: &Estate, text: &str) -> Result<Self, Unnamed> {
        // A name may have a colon itself: it comes before a kind and a name.
        let mut found = named(estate, text, None);
        if found.is_empty()
            && let Some((kind, name)) = text.split_once(':')
        {
            found = named(estate, name, Some(kind));
        }
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(unknown(estate, text)),
            _ => Err(Unnamed::Ambiguous(found)),
        }
    }
}

/// All that have a name, of one kind or of any.
fn named(estate: &Estate, name: &str, kind: Option<&str>) -> Vec<Subject> {
    let version = name.rsplit_once('@').and_then(|(title, version)| estate.find_version(title, version));
    let found = [
        version.map(Subject::Version),
        find(&estate.titles, name, |title| &title.id).map(Subject::Title),
        find(&estate.licenses, name, |license| &license.id).map(Subject::License),
        find(&estate.assets, name, String::as_str).map(|asset| Subject::Holder(Target::Asset(asset))),
        find(&estate.users, name, String::as_str).map(|user| Subject::Holder(Target::User(user))),
    ];
    let found = found.into_iter().flatten();
    found.filter(|subject| kind.is_none_or(|kind| kind == subject.kind())).collect()
}

fn unknown(estate: &Estate, text: &str) -> Unnamed {
    let versions = |title: TitleId| ids_in(&estate.titles[title].versions).map(|version| estate.version_text(version));
    if let Some((title, version)) = text.rsplit_once('@')
        && let Some(title) = find(&estate.titles, title, |row| &row.id)
    {
        let of_title = ids_in(&estate.titles[title].versions).map(|id: VersionId| estate.versions[id].name.as_str());
        let near = nearest(version, of_title).into_iter();
        let near: Vec<String> = near.map(|name| format!("{}@{name}", estate.titles[title].id)).collect();
        let versions = if near.is_empty() { versions(title).rev().take(VERSIONS_MAX).collect() } else { near };
        return Unnamed::NoVersion { title, versions };
    }
    let of_titles: Vec<String> = estate.titles.ids().flat_map(versions).collect();
    let names = of_titles.iter().map(String::as_str);
    let names = names
        .chain(estate.titles.iter().map(|title| title.id.as_str()))
        .chain(estate.licenses.iter().map(|license| license.id.as_str()))
        .chain(estate.assets.iter().map(String::as_str))
        .chain(estate.users.iter().map(String::as_str));
    Unnamed::Unknown(nearest(text, names).into_iter().map(str::to_owned).collect())
}
