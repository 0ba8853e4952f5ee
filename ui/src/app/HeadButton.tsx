/** A button of the head that is an icon, and says what it does while a pointer rests on it. */
import { ActionIcon, type ActionIconProps } from '@mantine/core';
import { Icon, type IconName } from '../parts/icons';
import { useTip } from '../parts/tip';

interface Props extends Pick<ActionIconProps, 'visibleFrom'> {
  icon: IconName;
  label: string;
  /** What is said of it; its label unless there is more to say. */
  says?: string;
  onClick: () => void;
}

export function HeadButton({ icon, label, says = label, onClick, ...where }: Props) {
  const { over, said } = useTip(() => says);
  return (
    <>
      <ActionIcon
        {...where}
        size={36}
        variant="subtle"
        color="gray"
        onClick={onClick}
        aria-label={label}
        {...over}
      >
        <Icon name={icon} size={18} />
      </ActionIcon>
      {said}
    </>
  );
}
