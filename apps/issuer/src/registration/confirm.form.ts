import { IsOptional, IsString } from 'class-validator';

/** Another user name, where the first was taken meanwhile. */
export class ConfirmForm {
  @IsOptional()
  @IsString({ message: 'Choose a user name.' })
  userName?: string;
}
