import type { VNode } from 'preact';
import { kindNames } from '#sites';
import { Choices, Select, TextField, Token } from '#web';
import type { DesignatePageProps } from './designate.page.js';

/** More sites than a form can hold as boxes are typed. */
const mostBoxes = 300;

/** The form: who, for what, from when, why. */
export function DesignateFields(props: DesignatePageProps): VNode {
  const { frame, system, applications, formKey, faults, typed } = props;
  return (
    <form method="post" action="/designate" novalidate>
      <Token frame={frame} />
      <input type="hidden" name="formKey" value={formKey} />
      <input type="hidden" name="system" value={system} />
      <TextField
        name="staffId"
        label="Staff ID of the person"
        hint="10 digits. The person needs an account here before asking for access."
        inputmode="numeric"
        faults={faults}
        typed={typed}
      />
      <Choices
        name="reach"
        type="radio"
        legend="What does the person decide for?"
        choices={[
          { value: 'system', label: 'The whole school system', about: 'Every site, also those to come.' },
          { value: 'group', label: 'A group of sites' },
          { value: 'site', label: 'One site' },
        ]}
        chosen={[String(typed?.reach ?? '')]}
        faults={faults}
      />
      <Sites {...props} />
      <Select
        name="application"
        label="Only one application?"
        hint="For sites your school system serves but does not own, choose the application they are served in, such as SER."
        options={[
          { value: '', label: 'No, all applications' },
          ...applications.map(({ code, name }) => ({ value: code, label: `${name} only` })),
        ]}
        chosen={String(typed?.application ?? '')}
        faults={faults}
      />
      <TextField
        name="fromDay"
        label="First day"
        hint="Leave it empty for the day access is granted."
        type="date"
        required={false}
        faults={faults}
        typed={typed}
      />
      <TextField
        name="lastDay"
        label="Last day"
        hint="Leave it empty when no end is known."
        type="date"
        required={false}
        faults={faults}
        typed={typed}
      />
      <TextField
        name="reason"
        label="Why this person"
        hint="The state office reads it."
        rows={3}
        faults={faults}
        typed={typed}
      />
      <div class="edlink-actions">
        <button class="usa-button" type="submit">
          Send to the state office
        </button>
      </div>
    </form>
  );
}

const siteLegend = 'Which sites?';
const siteHint = 'Only for a group or one site.';

/** Boxes to tick; codes to type where there are too many. */
function Sites({ sites, system, faults, typed }: DesignatePageProps): VNode {
  const chosen = ([] as unknown[]).concat(typed?.site ?? []).map(String);
  if (sites.length > mostBoxes)
    return (
      <TextField
        name="site"
        label={siteLegend}
        hint={`${siteHint} Type their codes, one a line.`}
        rows={4}
        required={false}
        faults={faults}
        typed={{ site: chosen.join('\n') }}
      />
    );
  if (!sites.length) return <></>;
  const faulty = faults?.some(({ field }) => field === 'site');
  return (
    <details class="edlink-more" open={faulty || chosen.length > 0}>
      <summary>Sites, for a group or one site</summary>
      <div class="edlink-boxes">
        <Choices
          name="site"
          type="checkbox"
          legend={siteLegend}
          hint={siteHint}
          choices={sites.map(({ code, name, kind, system: owner }) => ({
            value: code,
            label: name,
            about: `${code} · ${kindNames[kind]}${owner.code === system ? '' : ', served'}`,
          }))}
          chosen={chosen}
          faults={faults}
        />
      </div>
    </details>
  );
}
