/** One decision: why, in one glance; what it rests on; by which rule; and whether it holds again. */
import { Box, Group, Paper, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useDecision } from '../../api/decisions';
import type { Decision, Reason } from '../../api/types';
import { command } from '../../app/command';
import { inWords } from '../../app/format';
import { useNow } from '../../app/now';
import { asSentence, plain, sentenceCase } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { AppLink } from '../../parts/AppLink';
import { arrival, Arriving } from '../../parts/Arriving';
import { Icon } from '../../parts/icons';
import { LoadingPanels } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { weighed } from '../../parts/reasons';
import { Said } from '../../parts/Said';
import { State } from '../../parts/Status';
import { statusFill } from '../../parts/status';
import { Verdict } from '../../parts/Verdict';
import { Crumbs } from './Crumbs';
import { Circumstances } from './Circumstances';
import { PolicyTable } from './PolicyTable';
import { Rested } from './Rested';
import { Replayed } from './Replayed';
import { allowedClasses, decisionSentence } from './words';

const route = getRouteApi('/signed-in/releases/decisions/$id');

export function DecisionPage() {
  const { id } = route.useParams();
  const decision = useDecision(id);
  const { data } = decision;
  return (
    <Page
      title={data === undefined ? 'Decision' : decisionSentence(data)}
      crumbs={
        <Crumbs
          list={
            <AppLink to="/releases" inherit>
              Releases
            </AppLink>
          }
          id={id}
          service={data?.service}
        />
      }
      help="releases"
      commands={[command`plimsoll gate explain ${id}`, command`plimsoll gate replay ${id}`]}
    >
      <Arriving
        asked={arrival(decision)}
        of="the decision"
        works="The gate itself does not depend on this page."
        meanwhile={<LoadingPanels of="the decision" />}
      />
      {data && <Loaded decision={data} />}
    </Page>
  );
}

function Loaded({ decision }: { decision: Decision }) {
  return (
    <>
      <Because decision={decision} />
      <Group gap="md" align="flex-start" className="halves">
        <Stack gap="md" miw={0}>
          <Rested decision={decision} />
          <Replayed decision={decision} />
          <Circumstances decision={decision} />
        </Stack>
        <Stack gap="md" miw={0}>
          <PolicyTable decision={decision} />
        </Stack>
      </Group>
    </>
  );
}

/** The verdict with its reasons: the glance. */
function Because({ decision }: { decision: Decision }) {
  const expired = useNow() > Date.parse(decision.expires_at);
  const { decisive, others, remarks } = weighed(decision);
  return (
    <Paper
      withBorder
      bg="var(--surface)"
      p="md"
      style={{ borderInlineStart: `6px solid ${statusFill(decision.verdict)}` }}
    >
      <Stack gap="sm">
        <Group gap="md">
          <Text component="span" fz="lg">
            <Verdict decision={decision} />
          </Text>
          <Text c="dimmed" component="div">
            decided <Ago at={decision.decided_at} />, {expired ? 'expired' : 'expires'}{' '}
            <Ago at={decision.expires_at} />
          </Text>
        </Group>
        <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {decisive.map((reason) => (
            <Why key={keyOf(reason)} reason={reason} strong />
          ))}
          {others.map((reason) => (
            <Why key={keyOf(reason)} reason={reason} />
          ))}
        </Stack>
        {remarks.length > 0 && <Remarks remarks={remarks} />}
        {decision.verdict === 'deny' && <Instead decision={decision} />}
      </Stack>
    </Paper>
  );
}

const keyOf = ({ code, slo, message }: Reason) => `${code} ${slo} ${message}`;

/** What takes no part in the verdict, and should be known with it. */
function Remarks({ remarks }: { remarks: Reason[] }) {
  return (
    <Stack gap={4} component="section" aria-label="Remarks">
      <Text c="dimmed" fz="sm">
        Whatever the verdict:
      </Text>
      <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {remarks.map((reason) => (
          <Group key={keyOf(reason)} component="li" gap="sm" wrap="nowrap" align="flex-start">
            <Text span c="dimmed" lh={0} pt={3}>
              <Icon name="bell" />
            </Text>
            <Says reason={reason} />
          </Group>
        ))}
      </Stack>
    </Stack>
  );
}

function Why({ reason, strong = false }: { reason: Reason; strong?: boolean }) {
  return (
    <Box component="li">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        {!strong && (
          <Box w={76} style={{ flex: 'none' }}>
            <State code={reason.verdict} word={sentenceCase(reason.verdict)} />
          </Box>
        )}
        <Says reason={reason} strong={strong} />
      </Group>
    </Box>
  );
}

/** A reason in words, with the way to the SLO it is about. */
function Says({ reason: { message, slo }, strong = false }: { reason: Reason; strong?: boolean }) {
  return (
    <Text fz={strong ? 'lg' : 'md'} fw={strong ? 600 : 400} style={{ overflowWrap: 'anywhere' }}>
      <Said text={asSentence(message)} />
      {slo != null && (
        <>
          {' '}
          <AppLink to="/slos/$name" params={{ name: slo }} inherit fw={400} underline="always">
            {slo}
          </AppLink>
        </>
      )}
    </Text>
  );
}

/** What might have gone out instead. */
function Instead({ decision }: { decision: Decision }) {
  const classes = allowedClasses(decision).filter((name) => name !== decision.class);
  if (classes.length === 0)
    return <Text c="dimmed">By this policy nothing goes out as things stood.</Text>;
  return (
    <Text c="dimmed">
      What might go out as things stood, {inWords(classes.length)}{' '}
      {classes.length === 1 ? 'class' : 'classes'}: {classes.map(plain).join(', ')}.
    </Text>
  );
}
