/** The wire types by their names, as generated from the server's own description. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Alert = Schemas['Alert'];
export type Arm = Schemas['Arm'];
export type Decision = Schemas['Decision'];
export type Counts = Schemas['Counts'];
export type DeliveryAttempt = Schemas['DeliveryAttempt'];
export type Deployment = Schemas['Deployment'];
export type ExplainedMinute = Schemas['ExplainedMinute'];
export type Explanation = Schemas['Explanation'];
export type History = Schemas['History'];
export type Indicator = Schemas['Indicator'];
export type Me = Schemas['Me'];
export type Notification = Schemas['Notification'];
export type Person = Schemas['Person'];
export type Point = Schemas['Point'];
export type Problem = Schemas['Problem'];
export type Reason = Schemas['Reason'];
export type Replay = Schemas['Replay'];
export type RoutedSeries = Schemas['RoutedSeries'];
export type Service = Schemas['Service'];
export type Slo = Schemas['Slo'];
export type Standing = Schemas['Standing'];
export type Telemetry = Schemas['Telemetry'];
export type TimelineEntry = Schemas['TimelineEntry'];
export type Token = Schemas['Token'];
