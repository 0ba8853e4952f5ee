/**
 * Where the SLO stands: the load line, and the numbers it is made of, each of which explains
 * itself.
 */
import { Box, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Slo } from '../../api/types';
import {
  count,
  duration,
  exactShare,
  interval,
  minutesOf,
  share,
  utc,
  windowText,
  burn,
} from '../../app/format';
import { usePhone } from '../../app/screen';
import { lastedMinutes, withinText } from '../../app/window';
import {
  allowanceSentence,
  allowedBad,
  asSentence,
  counted,
  isBlind,
  moment,
  pace,
  paceArm,
  statusBounds,
} from '../../app/words';
import { Ago } from '../../parts/Ago';
import { BudgetGauge } from '../../parts/BudgetGauge';
import { Asked, Figure } from '../../parts/Figure';
import { Hint } from '../../parts/Hint';
import { OriginOf } from '../../parts/Origin';
import { Said } from '../../parts/Said';

export function Standing({ slo }: { slo: Slo }) {
  return (
    <Paper withBorder bg="var(--surface)" p="md">
      <Group gap="xl" align="center" wrap="wrap">
        <Budget slo={slo} />
        <SimpleGrid
          cols={{ base: 2, xs: 3, md: 4 }}
          spacing="md"
          verticalSpacing="sm"
          style={{ flex: '1 1 420px' }}
        >
          <Figure
            name="Objective"
            value={exactShare(slo.objective)}
            note={<WindowNote slo={slo} />}
          />
          <Figure
            name="Error ratio"
            value={share(slo.error_ratio)}
            note={`${exactShare(1 - slo.objective)} allowed`}
          />
          <Figure name="Burn" value={burn(pace(slo))} note={paceNote(slo)} />
          <Figure
            name={`Bad ${counted(slo)}`}
            value={count(slo.total - slo.good)}
            note={`${count(allowedBad(slo))} allowed`}
          />
          <Figure
            name={`All ${counted(slo)}`}
            value={count(slo.total)}
            note={slo.time_slice == null ? <EventsNote slo={slo} /> : slicesNote(slo)}
          />
          <Figure name="Covered" value={share(slo.coverage)} note={gapsNote(slo)} />
          <Figure name="Unmeasured" value={share(slo.unmeasured)} note={unmeasuredNote(slo)} />
          <Figure
            name="Data up to"
            value={slo.watermark == null ? 'never' : <Ago at={slo.watermark} />}
            note={lagNote(slo)}
          />
        </SimpleGrid>
      </Group>
    </Paper>
  );
}

function Budget({ slo }: { slo: Slo }) {
  const phone = usePhone();
  const gauge = (
    <BudgetGauge
      left={slo.budget_remaining}
      worst={slo.budget_remaining_worst}
      best={slo.budget_remaining_best}
      status={slo.status}
      marks={slo.marks}
      size={phone ? 108 : 132}
    />
  );
  // Beside the gauge a phone has room for a number, and not for sentences.
  if (phone) {
    return (
      <Stack gap="sm" w="100%">
        <Group gap="lg" wrap="nowrap">
          {gauge}
          <Left slo={slo} />
        </Group>
        <Because slo={slo} />
      </Stack>
    );
  }
  return (
    <Group gap="lg" wrap="nowrap" style={{ flex: '1 1 340px' }}>
      {gauge}
      <Stack gap={2} miw={0}>
        <Left slo={slo} />
        <Because slo={slo} />
      </Stack>
    </Group>
  );
}

function Left({ slo }: { slo: Slo }) {
  const bounds = { worst: slo.budget_remaining_worst, best: slo.budget_remaining_best };
  const range = interval(bounds);
  return (
    <Stack gap={2} miw={0}>
      <Box fz={34} fw={650} lh={1.15}>
        <Asked name="Budget left">
          {slo.budget_remaining == null ? 'Unknown' : share(slo.budget_remaining, bounds)}
        </Asked>
      </Box>
      <Text>
        {slo.budget_remaining == null ? 'how much of the budget is left' : 'of the budget left'}
      </Text>
      {range !== null && (
        <Text c="dimmed" fz="sm">
          between {range.replace(' to ', ' and ')}, as gaps may hide
        </Text>
      )}
    </Stack>
  );
}

/** What it comes to in events, and by which rule it has its status. */
function Because({ slo }: { slo: Slo }) {
  return (
    <Stack gap={2} miw={0}>
      <Text c="dimmed" fz="sm">
        {allowanceSentence(slo)}
      </Text>
      <Text c="dimmed" fz="sm">
        {statusBounds(slo)}
      </Text>
      {slo.remark != null && (
        <Text fz="sm">
          {asSentence(slo.remark.message)}{' '}
          {slo.remark.advice != null && <Said text={asSentence(slo.remark.advice)} />}
        </Text>
      )}
      <OriginOf
        of={{ kind: 'ErrorBudgetPolicy', name: slo.budget_policy }}
        subject="By the"
        whose={slo.origins.find(({ kind }) => kind === 'ErrorBudgetPolicy')}
      />
    </Stack>
  );
}

function WindowNote({ slo }: { slo: Slo }) {
  if (slo.period != null) {
    const { from, to, time_zone } = slo.period;
    return (
      <>
        {withinText(slo)},{' '}
        <Hint says={`By the clocks of ${time_zone}: from ${utc(from)} to ${utc(to)}.`}>
          until {moment(to, Date.parse(slo.as_of))}
        </Hint>
      </>
    );
  }
  return (
    <>
      over {windowText(slo.window)},{' '}
      {slo.aligned_to_hours ? (
        <Hint says="Minutes this old are not kept, only hours: the window’s old edge is widened to a whole hour.">
          rolling by the hour
        </Hint>
      ) : (
        'rolling'
      )}
    </>
  );
}

function EventsNote({ slo }: { slo: Slo }) {
  const known = slo.inferred > 0 ? `${count(slo.inferred)} inferred` : `${count(slo.good)} good`;
  if (slo.corrected === 0) return known;
  return (
    <>
      {known},{' '}
      <Hint says="These events came after their minute was sealed. They count in every sum and are kept apart, so that what changed afterwards shows.">
        {count(slo.corrected)} corrected
      </Hint>
    </>
  );
}

function slicesNote(slo: Slo): string {
  const unjudged = slo.unjudged ?? 0;
  if (unjudged > 0) return `${count(unjudged)} more not seen`;
  return `of ${windowText(slo.time_slice?.window ?? '')} each`;
}

function gapsNote(slo: Slo): string {
  if (slo.gap_minutes > 0) return `gaps: ${minutesOf(slo.gap_minutes, slo.window)}`;
  return slo.coverage == null ? 'nothing was measured' : 'no gaps';
}

function paceNote(slo: Slo): string {
  const arm = paceArm(slo);
  if (arm === null) return isBlind(slo) ? 'no data' : 'no traffic';
  return `over ${windowText(arm.long_window)}, 1× allowed`;
}

function unmeasuredNote(slo: Slo): string {
  const lasted = lastedMinutes(slo);
  if (slo.unmeasured === 0 || lasted === null) return 'all of the window is measured';
  return `${minutesOf(slo.unmeasured * lasted, slo.window)} unmeasured`;
}

function lagNote(slo: Slo): string | null {
  if (slo.watermark == null) return null;
  return `${duration(Date.parse(slo.as_of) - Date.parse(slo.watermark))} behind the clock`;
}
