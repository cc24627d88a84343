import { Module } from '@nestjs/common';
import { DeliveryService } from './delivery.service.js';
import { MailTransport } from './mail-transport.js';
import { StrandedMail } from './stranded-mail.service.js';

/** Sending of mail, for the worker alone. */
@Module({ providers: [MailTransport, DeliveryService, StrandedMail], exports: [DeliveryService, StrandedMail] })
export class DeliveryModule {}
