/** The budget of one SLO over the page's range. */
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Slo } from '../../api/types';
import { iso, spanOf, zoomed, type RangeSearch } from '../../app/range';
import { SloPanels } from '../../parts/SloPanels';

interface Props {
  slo: Slo;
  search: RangeSearch;
  go: (change: RangeSearch) => void;
}

export function SloChart({ slo, search, go }: Props) {
  const navigate = useNavigate();
  const { range = '24h', from, to } = search;
  const span = useMemo(
    () => spanOf({ range, from, to }, slo),
    [range, from, to, slo.window, slo.unmeasured, slo.as_of],
  );
  const explain = (at: number) =>
    void navigate({
      to: '/slos/$name',
      params: { name: slo.name },
      search: { ...search, explain: iso(at * 1000) },
    });
  return (
    <SloPanels
      slo={slo}
      span={span}
      only={['budget']}
      cols={{ base: 1, md: 1 }}
      height={110}
      bare
      onZoom={({ from, to }) => go(zoomed(from, to))}
      onBack={() => go({ from: undefined, to: undefined })}
      onPick={explain}
    />
  );
}
