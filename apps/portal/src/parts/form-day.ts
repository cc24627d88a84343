import { ValidateBy } from 'class-validator';
import { isDay } from '#kernel';

/** A day of the calendar, as a date field sends it: 'YYYY-MM-DD'. @param message what to say beside the field */
export const FormDay = (message: string): PropertyDecorator =>
  ValidateBy(
    { name: 'formDay', validator: { validate: (value: unknown) => typeof value === 'string' && isDay(value) } },
    { message },
  );
