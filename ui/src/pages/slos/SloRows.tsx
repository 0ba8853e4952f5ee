/** The rows of the list of SLOs. */
import { Group, Stack, Text } from '@mantine/core';
import type { Listing } from '../../api/pages';
import type { Slo } from '../../api/types';
import { burn, exactShare, windowText } from '../../app/format';
import { usePhone } from '../../app/screen';
import { nameOf, pace } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { BudgetLeft } from '../../parts/BudgetLeft';
import { DataRows, type Column } from '../../parts/DataRows';
import { RowLink } from '../../parts/RowLink';
import { State, Status } from '../../parts/Status';

const COLUMNS: Column<Slo>[] = [
  { head: 'Status', cell: (slo) => <States slo={slo} />, width: 130 },
  { head: 'SLO', cell: (slo) => <Name slo={slo} /> },
  { head: 'Budget left', cell: (slo) => <BudgetLeft slo={slo} />, width: 190 },
  { head: 'Burn', cell: (slo) => burn(pace(slo)), right: true, width: 80 },
  { head: 'Objective', cell: (slo) => exactShare(slo.objective), right: true, width: 100 },
  { head: 'Window', cell: (slo) => windowText(slo.window), right: true, width: 90 },
  { head: 'Data up to', cell: (slo) => <DataUpTo slo={slo} />, right: true, width: 120 },
];

export function SloRows({ list }: { list: Listing<Slo> }) {
  return (
    <DataRows
      label="SLOs"
      items={list.items}
      keyOf={(slo) => slo.name}
      columns={COLUMNS}
      card={(slo) => <Card slo={slo} />}
      heights={{ row: 57, card: 112 }}
      more={list.more}
      onNearEnd={list.next}
    />
  );
}

function Card({ slo }: { slo: Slo }) {
  return (
    <>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Name slo={slo} />
        <States slo={slo} />
      </Group>
      <Group justify="space-between" mt={8} wrap="nowrap">
        <BudgetLeft slo={slo} />
        <Text ta="right" c="dimmed" fz="sm">
          burn {burn(pace(slo))}
          <br />
          {exactShare(slo.objective)} over {windowText(slo.window)}
        </Text>
      </Group>
    </>
  );
}

function States({ slo }: { slo: Slo }) {
  const phone = usePhone();
  return (
    <Stack gap={2} align={phone ? 'flex-end' : 'flex-start'}>
      {slo.alert != null && <State code="firing" />}
      <Status status={slo.status} />
    </Stack>
  );
}

function Name({ slo }: { slo: Slo }) {
  return (
    <Stack gap={0} miw={0}>
      <RowLink to="/slos/$name" params={{ name: slo.name }}>
        {nameOf(slo)}
      </RowLink>
      <Text c="dimmed" fz="sm" style={{ overflowWrap: 'anywhere' }}>
        {slo.service}
        {slo.owner != null && ` · ${slo.owner}`}
      </Text>
    </Stack>
  );
}

function DataUpTo({ slo }: { slo: Slo }) {
  if (slo.watermark != null) return <Ago at={slo.watermark} />;
  return (
    <Text c="dimmed" component="span">
      never
    </Text>
  );
}
