import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Files',
    add: 'Add files',
    none: 'No files in this room yet',
    begin: 'Drop files here, or choose some. They are encrypted on this device; the server keeps what it cannot read.',
  },
  de: {
    title: 'Dateien',
    add: 'Dateien hinzufügen',
    none: 'Noch keine Dateien in diesem Raum',
    begin:
      'Ziehen Sie Dateien hierher oder wählen Sie welche aus. Sie werden auf diesem Gerät verschlüsselt; der Server verwahrt, was er nicht lesen kann.',
  },
});
