-- What a plan offers, as the reference's pages show it. Of plans that an earlier version has taken over it is not known:
-- they show as they did. The other engine's file has the same number.

ALTER TABLE plan ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN description_ar TEXT NOT NULL DEFAULT '';
-- Money is hundredths.
ALTER TABLE plan ADD COLUMN price_monthly INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plan ADD COLUMN price_yearly INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plan ADD COLUMN trial_days INTEGER NOT NULL DEFAULT 0;
-- How many there can be: a number or 'unlimited'.
ALTER TABLE plan ADD COLUMN users TEXT NOT NULL DEFAULT 'unlimited';
ALTER TABLE plan ADD COLUMN clients TEXT NOT NULL DEFAULT 'unlimited';
-- In gigabytes.
ALTER TABLE plan ADD COLUMN storage INTEGER NOT NULL DEFAULT 0;
-- Whether it is offered to everybody.
ALTER TABLE plan ADD COLUMN visible INTEGER NOT NULL DEFAULT 1;
