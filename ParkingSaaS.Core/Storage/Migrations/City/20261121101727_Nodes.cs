using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class Nodes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "credentials_version",
                table: "devices",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "node",
                table: "devices",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            // In the transaction that writes, so that other nodes hear of it if and only if it is committed.
            migrationBuilder.Sql("""
                CREATE FUNCTION tell_commands() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  PERFORM pg_notify('parking_commands', '');
                  RETURN NULL;
                END $$;
                CREATE TRIGGER tell_commands AFTER INSERT ON device_commands FOR EACH STATEMENT EXECUTE FUNCTION tell_commands();

                CREATE FUNCTION tell_devices() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF TG_OP = 'INSERT' OR OLD.node IS DISTINCT FROM NEW.node OR OLD.credentials_version <> NEW.credentials_version THEN
                    PERFORM pg_notify('parking_devices', NEW.id::text);
                  END IF;
                  RETURN NULL;
                END $$;
                CREATE TRIGGER tell_devices AFTER INSERT OR UPDATE OF node, credentials_version ON devices
                  FOR EACH ROW EXECUTE FUNCTION tell_devices();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER tell_devices ON devices;
                DROP FUNCTION tell_devices;
                DROP TRIGGER tell_commands ON device_commands;
                DROP FUNCTION tell_commands;
                """);

            migrationBuilder.DropColumn(
                name: "credentials_version",
                table: "devices");

            migrationBuilder.DropColumn(
                name: "node",
                table: "devices");
        }
    }
}
