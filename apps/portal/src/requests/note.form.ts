import { IsString, Length } from 'class-validator';

export class NoteForm {
  @IsString({ message: 'Write the notification' })
  @Length(1, 2000, { message: 'Write the notification, at most 2,000 characters' })
  text!: string;
}
