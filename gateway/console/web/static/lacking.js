// Which cameras lack what a clause asks for, by the clause's action, of what is said of them.

export const lacking = {purpose: f => !f.purpose, public_safety: f => f.purpose !== 'public-safety', place: f => !f.place, first_use: f => !f.commissioned, necessity: f => !f.necessity, equipment: f => !f.model || !f.certificate,
  extras: f => f.extras?.length && !f.extras_reason};
