/** Something that happened to a place, as its history tells it. */
export interface PlaceEvent {
  /** 'YYYY-MM-DD'; absent for what was so before anybody wrote it down. */
  day?: string;
  what: 'opened' | 'named' | 'moved' | 'served' | 'code' | 'merged' | 'closed';
  /** A readable sentence without the day. */
  text: string;
}
