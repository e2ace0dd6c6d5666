//! Checks the answers of an application, step by step and as a whole.
use super::{Application, ApplicationContext, ApplicationDraft, CategoryDraft};
use crate::{
    Code, Field, Problem, Problems,
    category::Category,
    choice::{Choice, ExtraSubject, MilitaryIdentity},
    draft::{Checker, typed},
    eligibility::Verdict,
    exemption::{self, SkillsExemption},
    problem::{ApplicationProblem, BirthProblem, ChoiceProblem, PhotoProblem},
    profile::ProfileContext,
    step::Step,
    text,
};

impl CategoryDraft {
    /// The category, which must be open, once the person has consented.
    pub fn check(&self, open: &[Category]) -> Result<Category, Problems> {
        let mut form = Checker::new(self);
        let category = form.required(Field::Category, |raw| match Category::parse(raw)? {
            category if open.contains(&category) => Ok(category),
            _ => Err(ApplicationProblem::CategoryClosed),
        });
        if !form.ticked(Field::Consent) {
            form.fail(Field::Consent, ChoiceProblem::MustAgree);
        }
        form.finish(category)
    }
    /// What is wrong with the step, "required" included.
    pub fn problems(&self, open: &[Category]) -> Problems {
        self.check(open).err().unwrap_or_default()
    }
}

impl ApplicationDraft {
    /// What is wrong on a step, "required" included.
    pub fn problems(&self, step: Step, context: &ApplicationContext<'_>) -> Problems {
        let profile = ProfileContext { base: context.base, identity: context.identity };
        match step {
            Step::Category => self.category.problems(context.open),
            Step::Basic => {
                let mut problems = self.basic.check(&profile).err().unwrap_or_default();
                if context.photo.is_none() {
                    problems.insert(0, Problem { field: Field::Photo, code: PhotoProblem::Missing.into() });
                }
                problems.extend(self.contact.check(&profile).err().unwrap_or_default());
                problems
            }
            Step::Work => self.check_work(context).err().unwrap_or_default(),
            Step::Education => self.check_education(context).err().unwrap_or_default(),
            Step::Certificate => self.check_certificates(context).err().unwrap_or_default(),
            Step::Site => self.check_site(context).err().unwrap_or_default(),
            Step::Confirm => self.check_confirm(context).err().unwrap_or_default(),
        }
    }

    /// What is wrong on a step and may be said now: before the step was attempted, only what was typed is checked.
    pub fn visible_problems(&self, step: Step, context: &ApplicationContext<'_>) -> Problems {
        if self.attempted.contains(&step) { self.problems(step, context) } else { Problems::new() }
    }

    /// Checks the whole application.
    pub fn check(&self, context: &ApplicationContext<'_>) -> Result<Application, Vec<(Step, Problem)>> {
        let all = || {
            Step::ALL
                .iter()
                .flat_map(|step| self.problems(*step, context).into_iter().map(|problem| (*step, problem)))
                .collect()
        };
        self.complete(context).ok_or_else(all)
    }

    fn complete(&self, context: &ApplicationContext<'_>) -> Option<Application> {
        if !self.problems(Step::Basic, context).is_empty() {
            return None;
        }
        let profile = ProfileContext { base: context.base, identity: context.identity };
        let (educations, trainings) = self.check_education(context).ok()?;
        let other_educations = self.other_educations(context);
        let (certificates, verdict) = self.check_certificates(context).ok()?;
        if matches!(verdict, Verdict::Ineligible(_)) {
            return None;
        }
        let (area, site, attempts) = self.check_site(context).ok()?;
        let exemption = self.exemption(context.exemptions);
        // What the papers prove was seen when they were admitted to the test that they passed.
        let is_proven = exemption.is_some_and(|exemption| !exemption.review_on_site);
        let to_prove = if is_proven { Vec::new() } else { self.to_prove(context) };
        let application = Application {
            category: self.category.check(context.open).ok()?,
            identity: context.identity.clone(),
            photo: context.photo?,
            basic: self.basic.check(&profile).ok()?,
            contact: self.contact.check(&profile).ok()?,
            work: self.check_work(context).ok()?,
            educations,
            other_educations,
            trainings,
            certificates,
            area,
            site,
            attempts,
            extra_subject: self.check_confirm(context).ok()?,
            to_prove,
            exemption,
            trusted: Vec::new(),
            paper_changes: Vec::new(),
        };
        let trusted = application.entry_ids().into_iter().filter(|entry| context.trusts(*entry)).collect();
        Some(Application { trusted, ..application })
    }

    /// The answers as they will be stored and printed: those of a part that is right in their final form, the others as they were
    /// typed.
    pub fn as_stored(&self, context: &ApplicationContext<'_>) -> Self {
        let profile = ProfileContext { base: context.base, identity: context.identity };
        let mut stored = self.clone();
        if let Ok(basic) = self.basic.check(&profile) {
            stored.basic = (&basic).into();
        }
        if let Ok(contact) = self.contact.check(&profile) {
            stored.contact = (&contact).into();
        }
        if let Ok(work) = self.work.check(&profile) {
            stored.work = (&work).into();
        }
        if let Ok((_, _, attempts)) = self.check_site(context) {
            stored.site.attempts = attempts.to_string();
        }
        if text::is_blank(&self.confirm.extra_subject) {
            stored.confirm.extra_subject = typed(&self.extra_subjects(context).first());
        }
        stored
    }

    /// The exemption from the skills test that the person has for the chosen category (S102).
    pub fn exemption(&self, exemptions: &[SkillsExemption]) -> Option<SkillsExemption> {
        exemption::of_category(exemptions, self.chosen_category()?)
    }

    fn check_site(&self, context: &ApplicationContext<'_>) -> Result<(String, String, u32), Problems> {
        let mut form = Checker::new(&self.site);
        let digits = |n: usize| {
            move |raw: &str| {
                if raw.len() == n && text::all_digits(raw) { Ok(raw.to_owned()) } else { Err(ChoiceProblem::Unknown) }
            }
        };
        let area = form.required(Field::Area, digits(2));
        let site = form.required(Field::Site, |raw| match digits(4)(raw) {
            Ok(site) if area.as_ref().is_none_or(|area| site.starts_with(area.as_str())) => Ok(site),
            Ok(_) => Err(Code::from(ApplicationProblem::SiteOfArea)),
            Err(code) => Err(code.into()),
        });
        let least = self.least_attempts(context);
        // Left blank it means: the first attempt as far as is stored (S48).
        let attempts = form.optional(Field::Attempts, |raw| match text::half_width(raw).parse::<u32>() {
            Ok(n) if n < least && n > 0 => Err(ApplicationProblem::AttemptsTooFew),
            Ok(n @ 1..=60) => Ok(n),
            _ => Err(ApplicationProblem::Attempts),
        });
        let complete = (|| Some((area?, site?, attempts?.unwrap_or(least))))();
        form.finish(complete)
    }

    /// The fewest attempts that can be right: those that are stored and this one (X22).
    pub fn least_attempts(&self, context: &ApplicationContext<'_>) -> u32 {
        let known = self.chosen_category().and_then(|category| context.history.iter().find(|(c, _)| *c == category));
        known.map_or(0, |(_, n)| *n) + 1
    }

    /// The extra subjects that this person may choose (X21), in the order shown.
    pub fn extra_subjects(&self, context: &ApplicationContext<'_>) -> Vec<ExtraSubject> {
        let own = MilitaryIdentity::parse(&self.basic.military_identity).ok();
        if own.is_some_and(|own| own.is_active() && context.base.rules.military.contains(&own)) {
            return vec![ExtraSubject::Military];
        }
        if self.chosen_category().is_some_and(Category::is_clinical_licensed) {
            return vec![ExtraSubject::None, ExtraSubject::Prehospital, ExtraSubject::Pediatrics];
        }
        vec![ExtraSubject::None]
    }

    fn check_confirm(&self, context: &ApplicationContext<'_>) -> Result<ExtraSubject, Problems> {
        let mut form = Checker::new(&self.confirm);
        let allowed = self.extra_subjects(context);
        let only = allowed.first().copied().filter(|_| allowed.len() == 1);
        let subject =
            form.optional(Field::ExtraSubject, |code| match ExtraSubject::parse(code).map_err(Code::from)? {
                subject if allowed.contains(&subject) => Ok(subject),
                ExtraSubject::Military => Err(Code::from(ApplicationProblem::MilitaryExtraOnly)),
                _ if allowed == [ExtraSubject::Military] => Err(ApplicationProblem::MilitaryExtra.into()),
                _ => Err(ApplicationProblem::ClinicalExtraOnly.into()),
            });
        // Who asks for a subject of a post says that they hold it (S83, S85).
        if matches!(subject, Some(Some(subject)) if subject.limits_licence()) && !form.ticked(Field::ExtraPost) {
            form.fail(Field::ExtraPost, ChoiceProblem::MustAgree);
        }
        if !form.ticked(Field::Declaration) {
            form.fail(Field::Declaration, ChoiceProblem::MustAgree);
        }
        let age = context.identity.birth_date.age_on(context.reference_date);
        if age < context.base.rules.age.0 {
            form.fail(Field::Declaration, BirthProblem::TooYoung);
        } else if age > context.base.rules.age.1 {
            form.fail(Field::Declaration, BirthProblem::TooOld);
        }
        form.finish(subject.map(|typed| typed.or(only).unwrap_or(ExtraSubject::None)))
    }
}
