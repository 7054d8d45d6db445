//! What the administrator sets: read, and changed in part. A change counts from the next request
//! on.

use crate::base::limits;
use crate::base::secret::Secret;
use crate::base::text::Name;
use crate::base::time::Zone;
use crate::crypto::random::Seeded;
use crate::domain::fault::Fault;
use crate::domain::rule::{Address, Language, LivenessPolicy, SecondFactor, SiteKind};
use crate::domain::setting::{self, Change};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::route::{Lane, Rate};
use crate::surface::api::entry::Entry;
use crate::surface::api::page;
use crate::surface::api::shape::{
    AddressText, LanguageText, LivenessPolicyText, SecondFactorText, SiteKindText, parse_some, said,
};
use crate::surface::native::{Caller, Native};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Digits of a PIN of screens.
const PIN_DIGITS: std::ops::RangeInclusive<usize> = limits::PIN_DIGITS_MIN..=limits::PIN_DIGITS_MAX;

/// The settings as they are.
#[derive(Debug, Serialize, JsonSchema)]
struct Settings {
    /// The site's name.
    name: String,
    /// What the site is.
    #[schemars(with = "SiteKindText")]
    kind: SiteKind,
    /// The language of whoever has chosen none.
    #[schemars(with = "LanguageText")]
    language: Language,
    /// The site's time zone, by its name in the IANA database.
    zone: String,
    /// Where visitors are sent, in Indonesian.
    desk_id: String,
    /// Where visitors are sent, in English.
    desk_en: String,
    /// How visitors are addressed.
    #[schemars(with = "AddressText")]
    address: Address,
    /// Whether a living person must be shown where nobody stands by.
    #[schemars(with = "LivenessPolicyText")]
    unattended: LivenessPolicy,
    /// Whether a living person must be shown at a desk with staff.
    #[schemars(with = "LivenessPolicyText")]
    attended: LivenessPolicy,
    /// Whether staff must have a second factor.
    #[schemars(with = "SecondFactorText")]
    second_factor: SecondFactor,
    /// Whether a PIN opens the menu of screens.
    kiosk_pin: bool,
    /// Whether there is a logo.
    logo: bool,
}

/// What is to be changed; what is not there stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SettingsChange {
    /// The site's name.
    #[schemars(length(min = 1, max = 120))]
    name: Option<String>,
    /// What the site is.
    #[schemars(with = "Option<SiteKindText>")]
    kind: Option<SiteKind>,
    /// The language of whoever has chosen none.
    #[schemars(with = "Option<LanguageText>")]
    language: Option<Language>,
    /// The site's time zone, by its name in the IANA database.
    zone: Option<String>,
    /// Where visitors are sent, in Indonesian.
    #[schemars(length(min = 1, max = 120))]
    desk_id: Option<String>,
    /// Where visitors are sent, in English.
    #[schemars(length(min = 1, max = 120))]
    desk_en: Option<String>,
    /// How visitors are addressed.
    #[schemars(with = "Option<AddressText>")]
    address: Option<Address>,
    /// Whether a living person must be shown where nobody stands by.
    #[schemars(with = "Option<LivenessPolicyText>")]
    unattended: Option<LivenessPolicy>,
    /// Whether a living person must be shown at a desk with staff.
    #[schemars(with = "Option<LivenessPolicyText>")]
    attended: Option<LivenessPolicy>,
    /// Whether staff must have a second factor.
    #[schemars(with = "Option<SecondFactorText>")]
    second_factor: Option<SecondFactor>,
    /// The PIN that opens the menu of screens, 4 to 12 digits; null: none does.
    #[serde(default, deserialize_with = "said")]
    #[schemars(regex(pattern = "^[0-9]{4,12}$"))]
    kiosk_pin: Option<Option<String>>,
}

/// The routes.
pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::get("/api/v1/settings", show)
            .about("Box", "What the administrator has set.")
            .right("manage_settings")
            .answers::<Settings>(200),
        Entry::patch("/api/v1/settings", alter)
            .about("Box", "Changes settings, from the next request on.")
            .right("manage_settings")
            .lane(Lane::Ordinary, Rate::Auth)
            .takes::<SettingsChange>(r#"{"name":"SMA Negeri 1","zone":"Asia/Jakarta"}"#)
            .answers::<Settings>(200)
            .refuses(&[(409, "no_second_factor")]),
    ]
}

fn may(caller: &Caller) -> Result<(), Problem> {
    let _may = caller.known()?.manage_settings().map_err(Fault::from)?;
    Ok(())
}

fn show(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    may(caller)?;
    Ok(Reply::of(200, &shape(native)?))
}

fn shape(native: &Native) -> Result<Settings, Problem> {
    let site = native.core.site();
    let (pin, logo) = native.core.store.read(|view| {
        let pin = setting::find_kiosk_pin(view, &site)?;
        Ok::<_, setting::Error>((pin.is_some(), setting::find_logo(view)?.is_some()))
    })?;
    let rules = &site.rules;
    Ok(Settings {
        name: rules.name.clone(),
        kind: rules.kind,
        language: rules.language,
        zone: site.zone.name().to_owned(),
        desk_id: rules.desk.id.clone(),
        desk_en: rules.desk.en.clone(),
        address: rules.address,
        unattended: rules.liveness.unattended,
        attended: rules.liveness.attended,
        second_factor: rules.second_factor,
        kiosk_pin: pin,
        logo,
    })
}

fn alter(native: &Native, caller: &Caller, request: Request) -> Result<Reply, Problem> {
    page::known(&request, &[])?;
    may(caller)?;
    let new: SettingsChange = request.json()?;
    let name = |field, text: &Option<String>| parse_some::<Name>(field, text.as_deref());
    let change = Change {
        name: name("name", &new.name)?,
        kind: new.kind,
        language: new.language,
        zone: new.zone.as_deref().map(zone).transpose()?,
        desk_id: name("desk_id", &new.desk_id)?,
        desk_en: name("desk_en", &new.desk_en)?,
        address: new.address,
        unattended: new.unattended,
        attended: new.attended,
        second_factor: new.second_factor,
        kiosk_pin: new.kiosk_pin.map(|pin| hash(native, pin)).transpose()?,
        ..Change::default()
    };
    native.write(caller, move |tx, call| setting::update(tx, call, &change))?;
    native.core.refresh_site()?;
    Ok(Reply::of(200, &shape(native)?))
}

fn zone(text: &str) -> Result<Zone, Problem> {
    Zone::parse(text).map_err(|_| Problem::field("zone", "There is no such time zone."))
}

/// What is kept of a PIN.
fn hash(native: &Native, pin: Option<String>) -> Result<Option<Secret<String>>, Problem> {
    let Some(pin) = pin else { return Ok(None) };
    if !PIN_DIGITS.contains(&pin.len()) || !pin.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::field("kiosk_pin", "A PIN has 4 to 12 digits."));
    }
    let mut chance = Seeded::new(&native.core.draw_seed());
    let hash = native.passwords.hash(&Secret::new(pin), &mut chance);
    let hash = hash.map_err(|error| Problem::field("kiosk_pin", error.to_string()))?;
    Ok(Some(Secret::new(hash)))
}
