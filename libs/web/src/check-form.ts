import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { type FieldFault, kernelProblems } from '#kernel';

export type CheckedForm<T> = { value: T; faults?: undefined } | { value?: undefined; faults: FieldFault[] };

/**
 * Checks a posted body against a form class (class-validator; fields need `@Expose`-free plain decorators).
 * The shape only; rules live in the verbs. `_token` is taken off first.
 * @returns the typed value, or one fault per field with words for the person
 * @throws Problem 400 when the body has a field the form does not know (IN-1)
 */
export async function checkForm<T extends object>(form: new () => T, body: unknown): Promise<CheckedForm<T>> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    if (name !== '_token') fields[name] = value;
  }
  const value = plainToInstance(form, { ...fields });
  const errors = await validate(value, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
  });
  const unknown = errors.find((error) => error.constraints?.whitelistValidation);
  // Names such as `__proto__` are dropped on the way to the typed value; they are no less unknown.
  const dropped = Object.keys(fields).some((name) => !Object.hasOwn(value, name));
  if (unknown || dropped)
    throw kernelProblems.badInput(
      'The form held a field it should not have. Load the page again and send it once more.',
    );
  if (!errors.length) return { value };
  return {
    faults: errors.map((error) => ({
      field: error.property,
      message: Object.values(error.constraints ?? {})[0] ?? 'Check this field',
    })),
  };
}
