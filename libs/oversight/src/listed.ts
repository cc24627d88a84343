/** Names as a sentence has them: "SER and SER IEP Form". */
export const listed = (names: string[]): string => new Intl.ListFormat('en-US').format(names);
