import { Injectable } from '@nestjs/common';

/** The only source of time, so that tests can hold it still. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}

export const seconds = (count: number): number => count * 1000;
export const minutes = (count: number): number => seconds(count * 60);
export const hours = (count: number): number => minutes(count * 60);
export const days = (count: number): number => hours(count * 24);

const localDayFormat = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Chicago',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The day it is in Louisiana at that moment, 'YYYY-MM-DD': days in registers and feeds are meant so. */
export const localDay = (at: Date): string => localDayFormat.format(at);

/** The first instant of a day in Louisiana. @param day 'YYYY-MM-DD' */
export function startOfDay(day: string): Date {
  // Midnight is five hours before Greenwich in summer and six in winter; the clocks are put forward and back later at night.
  const summer = new Date(`${day}T05:00:00Z`);
  return localDay(summer) === day ? summer : new Date(`${day}T06:00:00Z`);
}

/** Whether a text is a day of the calendar, 'YYYY-MM-DD'. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return !!at && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
