/** The rows of the list of SLOs. */
import type { Listing } from '../../api/pages';
import type { Slo } from '../../api/types';
import { burn, exactShare, windowText } from '../../app/format';
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

const card = (slo: Slo) => <Card slo={slo} />;

export function SloRows({ list }: { list: Listing<Slo> }) {
  return (
    <DataRows
      label="SLOs"
      items={list.items}
      keyOf={(slo) => slo.name}
      columns={COLUMNS}
      card={card}
      heights={{ row: 57, card: 112 }}
      rest={list}
    />
  );
}

function Card({ slo }: { slo: Slo }) {
  return (
    <>
      <div className="card-line top">
        <Name slo={slo} />
        <States slo={slo} />
      </div>
      <div className="card-line">
        <BudgetLeft slo={slo} />
        <div className="card-facts">
          burn {burn(pace(slo))}
          <br />
          {exactShare(slo.objective)} over {windowText(slo.window)}
        </div>
      </div>
    </>
  );
}

function States({ slo }: { slo: Slo }) {
  return (
    <div className="states">
      {slo.alert != null && <State code="firing" />}
      <Status status={slo.status} />
    </div>
  );
}

function Name({ slo }: { slo: Slo }) {
  return (
    <div className="row-name">
      <RowLink to="/slos/$name" params={{ name: slo.name }}>
        {nameOf(slo)}
      </RowLink>
      <div className="row-note">
        {slo.service}
        {slo.owner != null && ` · ${slo.owner}`}
      </div>
    </div>
  );
}

function DataUpTo({ slo }: { slo: Slo }) {
  if (slo.watermark != null) return <Ago at={slo.watermark} />;
  return <span className="dim">never</span>;
}
