import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { accountsProblems, RegistrationService } from '#accounts';
import type { Actor } from '#kernel';
import { Access, checkForm, CurrentActor, Pages, type PageRequest } from '#web';
import { Answers } from '../answers.js';
import { RegisterForm } from './register.form.js';
import { RegisterPage, SentPage } from './register.pages.js';

@Controller('register')
@Access('anyone')
export class RegisterController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly pages: Pages,
    private readonly answers: Answers,
  ) {}

  @Get()
  show(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <RegisterPage frame={frame} />);
  }

  /** The answer is the same whether or not anybody has this address or user name (EN-1). */
  @Post()
  async register(
    @Req() request: PageRequest,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    try {
      const { value: form, faults } = await checkForm(RegisterForm, body);
      if (faults) throw accountsProblems.unfit('Check the fields that are marked.', { errors: faults });
      await this.registration.register(actor, form);
    } catch (fault) {
      return this.answers.again(request, response, fault, (frame, faults) => (
        <RegisterPage frame={frame} faults={faults} typed={body} />
      ));
    }
    response.redirect(303, '/register/sent');
  }

  @Get('sent')
  sent(@Req() request: PageRequest): Promise<string> {
    return this.pages.draw(request, (frame) => <SentPage frame={frame} />);
  }
}
